'use client';

import type { ViewProps } from '@/artifacts/view-props';
import { CodeBlock } from '@/components/markdown/code-block';
import { useStickToEnd } from '@/lib/client/chat/use-stick-to-end';
import { guessLanguage } from '@/lib/client/markdown/guess-language';

/** A program. */
export default function CodeView({ title, content, language, mode }: ViewProps) {
  const { scrollRef, contentRef } = useStickToEnd(mode === 'streaming');
  return (
    <div ref={scrollRef} className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
      <div ref={contentRef} className="mx-auto w-full max-w-column px-5 py-5">
        <CodeBlock
          language={language ?? guessLanguage(title, content)}
          code={content}
          complete={mode !== 'streaming'}
        />
      </div>
    </div>
  );
}
