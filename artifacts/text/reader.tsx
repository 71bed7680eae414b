'use client';

import { useCallback, useEffect, useState } from 'react';
import { AskForChange } from '@/artifacts/ask-for-change';
import { type Ends, Floating } from '@/artifacts/text/floating';
import { bubbleSide, useSelectedRange } from '@/artifacts/text/selected-text';
import { Markdown } from '@/components/markdown/markdown';
import { isComposing } from '@/lib/client/is-composing';

type ReaderProps = {
  content: string;
  streaming: boolean;
  /** Absent where nothing can be asked about it now. */
  onAskForChange: ((selected: string) => void) | undefined;
};

/** A text as it is read: a change of what is selected can be asked for. */
export function Reader({ content, streaming, onAskForChange }: ReaderProps) {
  const [text, setText] = useState<HTMLDivElement | null>(null);
  const range = useSelectedRange(text, onAskForChange !== undefined);
  const anchor = useCallback(() => range && endsOf(range), [range]);
  const ask = useCallback(async () => {
    if (range) onAskForChange?.(await quoted(range));
  }, [range, onAskForChange]);

  useEffect(() => {
    if (!range) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !event.altKey || isComposing(event)) return;
      event.preventDefault();
      ask();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [range, ask]);

  return (
    <div className="relative">
      <div ref={setText}>
        <Markdown text={content} streaming={streaming} />
      </div>
      {range && (
        <Floating anchor={anchor} side={bubbleSide()}>
          <AskForChange onAsk={ask} />
        </Floating>
      )}
    </div>
  );
}

function endsOf(range: Range): Ends | null {
  const lines = range.getClientRects();
  const start = lines[0];
  const end = lines[lines.length - 1];
  return start && end ? { start, end } : null;
}

/** As Markdown: what the model has before it. */
async function quoted(range: Range): Promise<string> {
  try {
    const { markdownOfRange } = await import('@/artifacts/text/editor/quote');
    return markdownOfRange(range);
  } catch {
    // The words alone are enough to find the place.
    return range.toString();
  }
}
