'use client';

import type { ViewProps } from '@/artifacts/view-props';
import { Markdown } from '@/components/markdown/markdown';
import { useStickToEnd } from '@/lib/client/chat/use-stick-to-end';

/** A text in Markdown. */
export default function TextView({ content, mode }: ViewProps) {
  const { scrollRef, contentRef } = useStickToEnd(mode === 'streaming');
  return (
    <div ref={scrollRef} className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
      <div ref={contentRef} className="mx-auto w-full max-w-column px-5 py-5">
        <Markdown text={content} streaming={mode === 'streaming'} />
      </div>
    </div>
  );
}
