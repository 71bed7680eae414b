'use client';

import { useCallback, useEffect, useState } from 'react';
import { AskForChangeButton } from '@/artifacts/ask-for-change-button';
import { type AnchorEdges, FloatingCard } from '@/artifacts/text/floating-card';
import { selectionCardSide, useSelectedRange } from '@/artifacts/text/use-selected-range';
import { Markdown } from '@/components/markdown/markdown';
import { isComposing } from '@/lib/client/browser/is-composing';

type TextReaderProps = {
  content: string;
  streaming: boolean;
  /** Absent where nothing can be asked about it now. */
  onAskForChange: ((selected: string) => void) | undefined;
};

/** A text as it is read: a change of what is selected can be asked for. */
export function TextReader({ content, streaming, onAskForChange }: TextReaderProps) {
  const [container, setContainer] = useState<HTMLDivElement | null>(null);
  const range = useSelectedRange(container, onAskForChange !== undefined);
  const anchor = useCallback(() => range && edgesOf(range), [range]);
  const ask = useCallback(async () => {
    if (range) onAskForChange?.(await selectedMarkdown(range));
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
      <div ref={setContainer}>
        <Markdown text={content} streaming={streaming} />
      </div>
      {range && (
        <FloatingCard anchor={anchor} side={selectionCardSide()}>
          <AskForChangeButton onAsk={ask} />
        </FloatingCard>
      )}
    </div>
  );
}

function edgesOf(range: Range): AnchorEdges | null {
  const lines = range.getClientRects();
  const start = lines[0];
  const end = lines[lines.length - 1];
  return start && end ? { start, end } : null;
}

/** As Markdown: what the model has before it. */
async function selectedMarkdown(range: Range): Promise<string> {
  try {
    const { rangeToMarkdown } = await import('@/artifacts/text/editor/range-to-markdown');
    return rangeToMarkdown(range);
  } catch {
    // The words alone are enough to find the place.
    return range.toString();
  }
}
