'use client';

import { ChevronRight } from 'lucide-react';
import { memo, useId, useState } from 'react';
import { Markdown } from '@/components/markdown/markdown';
import { cn } from '@/components/ui/class-names';

type ReasoningProps = {
  text: string;
  /** True while the reasoning streams: the block is then open unless the user closes it. */
  streaming: boolean;
  /** Reasoning duration in milliseconds; undefined if unknown or still streaming. */
  ms: number | undefined;
};

/** The model's reasoning. Open while it streams, collapsed automatically afterwards. */
export const Reasoning = memo(function Reasoning({ text, streaming, ms }: ReasoningProps) {
  const [isOpenByUser, setIsOpenByUser] = useState<boolean | null>(null);
  const content = useId();
  const open = isOpenByUser ?? streaming;
  const label = streaming
    ? 'Thinking…'
    : ms === undefined
      ? 'Reasoning'
      : `Thought for ${ms < 1_000 ? 'a moment' : formatDuration(Math.round(ms / 1_000))}`;

  return (
    <div className="text-muted-foreground text-sm">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={content}
        onClick={() => setIsOpenByUser(!open)}
        className="-ml-1 flex cursor-pointer items-center gap-1 rounded-md py-0.5 pr-2 pl-0.5 transition-colors hover:text-foreground pointer-coarse:min-h-11"
      >
        <ChevronRight
          aria-hidden="true"
          className={cn('size-3.5 transition-transform duration-150', open && 'rotate-90')}
        />
        <span className={cn(streaming && 'animate-live')}>{label}</span>
      </button>
      <div id={content} hidden={!open} className="mt-1.5 ml-1.5 border-l-2 pl-3.5">
        {open && <Markdown text={text} streaming={streaming} />}
      </div>
    </div>
  );
});

function formatDuration(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
