'use client';

import { X } from 'lucide-react';
import { useDebounce } from 'use-debounce';
import { CopyButton } from '@/components/chat/copy-button';
import { CodeBlock } from '@/components/markdown/code-block';
import { Markdown } from '@/components/markdown/markdown';
import { Button } from '@/components/ui/button';
import { Spinner } from '@/components/ui/spinner';
import { Tooltip } from '@/components/ui/tooltip';
import type { Artifact } from '@/lib/client/chat/artifact';
import { useStickToEnd } from '@/lib/client/chat/use-stick-to-end';
import { guessLanguage } from '@/lib/client/markdown/guess-language';

const DRAW_MS = 80;
const DRAW_AT_LEAST_MS = 200;

type ArtifactPanelProps = { artifact: Artifact; onClose: () => void };

/** The document beside the chat, as it is written; on a phone it covers the chat. */
export function ArtifactPanel({ artifact, onClose }: ArtifactPanelProps) {
  const { title, kind, status } = artifact;
  const streaming = status === 'streaming';
  const [written] = useDebounce(artifact.content, DRAW_MS, { maxWait: DRAW_AT_LEAST_MS });
  const content = streaming ? written : artifact.content;
  const { scrollRef, contentRef } = useStickToEnd(streaming);

  return (
    <aside
      aria-label="Document"
      aria-busy={streaming}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
      className="flex min-w-0 flex-col bg-card max-lg:fixed max-lg:inset-0 max-lg:z-40 lg:w-[min(50%,44rem)] lg:border-l"
    >
      <header className="flex h-13 shrink-0 items-center gap-1 border-b pr-2 pl-4 max-lg:mt-[env(safe-area-inset-top)]">
        <h2 className="min-w-0 flex-1 truncate font-medium text-[0.9375rem]">
          {title || 'Document'}
        </h2>
        {streaming && (
          <span className="flex items-center gap-2 px-2 text-muted-foreground text-sm">
            <Spinner label="" className="size-3.5" /> Writing…
          </span>
        )}
        <CopyButton text={() => artifact.content} label="Copy document" className="size-8" />
        <Tooltip label="Close" side="bottom">
          <Button variant="ghost" size="icon-sm" aria-label="Close document" onClick={onClose}>
            <X />
          </Button>
        </Tooltip>
      </header>
      <div ref={scrollRef} className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
        <div ref={contentRef} className="mx-auto w-full max-w-column px-5 py-5">
          {status === 'loading' ? (
            <Spinner label="Loading the document" />
          ) : kind === 'text' ? (
            <Markdown text={content} streaming={streaming} />
          ) : (
            <CodeBlock
              language={kind === 'code' ? guessLanguage(title, content) : ''}
              code={content}
              complete={!streaming}
            />
          )}
        </div>
      </div>
    </aside>
  );
}
