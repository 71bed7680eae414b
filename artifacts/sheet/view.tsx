'use client';

import type { ViewProps } from '@/artifacts/view-props';
import { CodeBlock } from '@/components/markdown/code-block';
import { useStickToEnd } from '@/lib/client/chat/use-stick-to-end';

/** A table, as comma-separated values. */
export default function SheetView({ content, mode }: ViewProps) {
  const { scrollRef, contentRef } = useStickToEnd(mode === 'streaming');
  return (
    <div ref={scrollRef} className="min-h-0 flex-1 overflow-auto overscroll-contain">
      <div ref={contentRef} className="px-5 py-5">
        <CodeBlock language="csv" code={content} complete={mode !== 'streaming'} />
      </div>
    </div>
  );
}
