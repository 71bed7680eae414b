'use client';

import { KINDS } from '@/artifacts/registry/kinds';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/class-names';
import { Spinner } from '@/components/ui/spinner';
import { useDocumentState, useDocumentStore } from '@/lib/client/documents/document-store-context';
import { type ArtifactKind, PLACEHOLDER_KIND } from '@/lib/protocol/artifact-kinds';
import type { DocumentToolResult, ToolInvocation } from '@/lib/protocol/messages';
import { DOCUMENT_LABELS } from '@/tools/registry/cards';

type DocumentToolCall = {
  callId: string;
  /** The document's id; null while the tool is running. */
  id: string | null;
  title: string;
  kind: ArtifactKind | null;
  /** The version this call created, as its number or its `writingId`; null for the newest. */
  version: number | string | null;
  /** One or two words for the tool's action; null for a new document. */
  actionLabel: string | null;
  /** Whether the user stopped it. */
  stopped?: boolean;
};

/** `error`: why the tool did not finish. */
type DocumentCardProps = DocumentToolCall & { error: string | null };

/** The card of a tool call on a document; it opens the version that the call created. */
export function DocumentCard({
  callId,
  id,
  title,
  kind,
  version,
  actionLabel,
  stopped,
  error,
}: DocumentCardProps) {
  const store = useDocumentStore();
  const isStreamingOutOfView = useDocumentState(({ streamed, open }) => {
    if (streamed?.writingId !== callId) return false;
    return !open?.isPanelOpen || open.id !== streamed.id;
  });
  const streamedTitle = useDocumentState(({ streamed }) =>
    streamed?.writingId === callId ? streamed.title : '',
  );
  const { name, Icon } = KINDS[kind ?? PLACEHOLDER_KIND];
  const displayTitle = title || streamedTitle || 'Document';
  const number = typeof version === 'number' && `version ${version}`;
  const summary = [actionLabel ?? name, number].filter(Boolean).join(' · ');
  const statusLine = id === null ? (actionLabel ?? 'Writing…') : summary;
  return (
    <section
      aria-label={`Document: ${displayTitle}, ${statusLine}`}
      className="flex items-center gap-3 rounded-lg border bg-card px-3.5 py-2.5 text-sm"
    >
      <Icon aria-hidden="true" className="size-5 shrink-0 text-primary" strokeWidth={1.75} />
      <div className="min-w-0 flex-1">
        <p dir="auto" className="truncate font-medium">
          {displayTitle}
        </p>
        <p className="flex items-center gap-2 text-muted-foreground text-xs">
          {id === null && <Spinner label="" className="size-3" />}
          {statusLine}
        </p>
        {error && (
          <p
            className={cn(
              'pt-1 text-xs',
              stopped ? 'text-muted-foreground' : 'text-destructive-text',
            )}
          >
            {error}
          </p>
        )}
      </div>
      {id !== null ? (
        <Button
          variant="outline"
          size="sm"
          onClick={() => store.openDocument(id, version ?? undefined)}
        >
          Open
        </Button>
      ) : (
        isStreamingOutOfView && (
          <Button variant="outline" size="sm" onClick={() => store.openStreamed(callId)}>
            Watch
          </Button>
        )
      )}
    </section>
  );
}

/** Returns the card data of a tool call; undefined if the tool does not work on documents. */
export function documentToolCall(invocation: ToolInvocation): DocumentToolCall | undefined {
  const { toolCallId: callId, toolName } = invocation;
  const labels = DOCUMENT_LABELS.get(toolName);
  if (!labels) return undefined;
  if (invocation.state !== 'result') {
    const { title, kind } = (invocation.args ?? {}) as { title?: unknown; kind?: unknown };
    const knownTitle = typeof title === 'string' ? title : '';
    return {
      callId,
      id: null,
      title: knownTitle,
      kind: parseKind(kind),
      version: null,
      actionLabel: labels.running,
    };
  }
  const result = (invocation.result ?? {}) as Partial<DocumentToolResult>;
  const { id, title, kind, version, writing, stopped } = result;
  if (typeof id !== 'string' || typeof title !== 'string') return undefined;
  return {
    ...{ callId, id, title, kind: parseKind(kind) },
    version: labels.writesVersion ? (version ?? writing ?? null) : null,
    actionLabel: labels.done(result),
    stopped,
  };
}

function parseKind(kind: unknown): ArtifactKind | null {
  return typeof kind === 'string' && Object.hasOwn(KINDS, kind) ? (kind as ArtifactKind) : null;
}
