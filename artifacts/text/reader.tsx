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
  /** Absent if a change cannot be requested now. */
  onAskForChange: ((selected: string) => void) | undefined;
};

/** A rendered, read-only text. The user can ask for a change of the selection. */
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

/** Returns the selection as Markdown, the format that the model reads. */
async function selectedMarkdown(range: Range): Promise<string> {
  try {
    const { rangeToMarkdown } = await import('@/artifacts/text/editor/range-to-markdown');
    return rangeToMarkdown(range);
  } catch {
    // The plain text is enough for the model to find the passage.
    return range.toString();
  }
}
