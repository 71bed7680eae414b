'use client';

import { ChevronRight } from 'lucide-react';
import { memo, useEffect, useId, useRef, useState } from 'react';
import { Markdown } from '@/components/markdown/markdown';
import { cn } from '@/lib/client/utils';

type ReasoningProps = {
  text: string;
  /** True while the model is thinking: then the block is open, unless the person closes it. */
  active: boolean;
};

/** What the model thought. Open while it thinks, folded away by itself when the answer begins. */
export const Reasoning = memo(function Reasoning({ text, active }: ReasoningProps) {
  const [chosen, setChosen] = useState<boolean | null>(null);
  const seconds = useSeconds(active);
  const content = useId();
  const open = chosen ?? active;
  const label = active
    ? 'Thinking…'
    : seconds === null
      ? 'Reasoning'
      : `Thought for ${seconds < 1 ? 'a moment' : `${Math.round(seconds)} s`}`;

  return (
    <div className="text-muted-foreground text-sm">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={content}
        onClick={() => setChosen(!open)}
        className="-ml-1 flex cursor-pointer items-center gap-1 rounded-md py-0.5 pr-2 pl-0.5 transition-colors hover:text-foreground pointer-coarse:py-2"
      >
        <ChevronRight
          aria-hidden="true"
          className={cn('size-3.5 transition-transform duration-150', open && 'rotate-90')}
        />
        <span className={cn(active && 'animate-live')}>{label}</span>
      </button>
      <div id={content} hidden={!open} className="mt-1.5 ml-1.5 border-l-2 pl-3.5">
        {open && <Markdown text={text} streaming={active} />}
      </div>
    </div>
  );
});

/** How long it was seen to be active; null where it was over before the page saw it. */
function useSeconds(active: boolean): number | null {
  const since = useRef<number | null>(null);
  const [seconds, setSeconds] = useState<number | null>(null);
  useEffect(() => {
    if (active) {
      since.current ??= performance.now();
    } else if (since.current !== null) {
      setSeconds((performance.now() - since.current) / 1000);
    }
  }, [active]);
  return seconds;
}
