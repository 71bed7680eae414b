'use client';

import { X } from 'lucide-react';
import { Suspense } from 'react';
import { useDebounce } from 'use-debounce';
import { VIEWS } from '@/artifacts/views';
import { CopyButton } from '@/components/chat/copy-button';
import { Button } from '@/components/ui/button';
import { Spinner } from '@/components/ui/spinner';
import { Tooltip } from '@/components/ui/tooltip';
import type { Artifact } from '@/lib/client/chat/artifact';
import type { Suggestion } from '@/lib/protocol/events';

const DRAW_MS = 80;
const DRAW_AT_LEAST_MS = 200;

const NO_SUGGESTIONS: Suggestion[] = [];
const nothing = () => {};

type ArtifactPanelProps = { artifact: Artifact; onClose: () => void };

/** The document beside the chat, as it is written; on a phone it covers the chat. */
export function ArtifactPanel({ artifact, onClose }: ArtifactPanelProps) {
  const { title, kind, status } = artifact;
  const streaming = status === 'streaming';
  const [written] = useDebounce(artifact.content, DRAW_MS, { maxWait: DRAW_AT_LEAST_MS });
  const content = streaming ? written : artifact.content;
  const View = VIEWS[kind];

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
      <Suspense fallback={<Spinner label="Loading the document" className="m-5" />}>
        {status === 'loading' ? (
          <Spinner label="Loading the document" className="m-5" />
        ) : (
          <View
            documentId={artifact.id}
            title={title}
            kind={kind}
            language={null}
            content={content}
            mode={streaming ? 'streaming' : 'reading'}
            onEdit={nothing}
            suggestions={NO_SUGGESTIONS}
            onSuggestion={nothing}
            onAskForChange={nothing}
          />
        )}
      </Suspense>
    </aside>
  );
}
