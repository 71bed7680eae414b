'use client';

import { Suspense } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { useDebounce } from 'use-debounce';
import { VIEWS } from '@/artifacts/registry/views';
import { CopyButton } from '@/components/ui/copy-button';
import { Spinner } from '@/components/ui/spinner';
import { useSetExcerpt } from '@/lib/client/chat/draft/draft-name-context';
import { focusComposer } from '@/lib/client/chat/focus-composer';
import type { DocumentSession } from '@/lib/client/documents/document-session';
import type { DocumentSessionState } from '@/lib/client/documents/document-session-state';
import { useDocumentStore } from '@/lib/client/documents/document-store-context';
import { PANEL_COVERS_CHAT_QUERY } from '@/lib/client/documents/panel-focus';
import { useSuggestions } from '@/lib/client/documents/use-suggestions';
import { DOCUMENT_RENDER_DEBOUNCE_MS, DOCUMENT_RENDER_INTERVAL_MS } from '@/lib/protocol/latency';
import type { Suggestion } from '@/lib/protocol/stream-events';

const NO_SUGGESTIONS: Suggestion[] = [];

type DocumentViewProps = {
  session: DocumentSession;
  state: DocumentSessionState;
  title: string;
};

/** Renders the view of the document's kind: streaming, editing, or reading an older version. */
export function DocumentView({ session, state, title }: DocumentViewProps) {
  const { detail, streamed, editable } = state;
  const store = useDocumentStore();
  const setExcerpt = useSetExcerpt();
  const displayed = streamed ?? detail;
  const content = displayed?.content ?? '';
  const [throttledContent] = useDebounce(content, DOCUMENT_RENDER_DEBOUNCE_MS, {
    maxWait: DOCUMENT_RENDER_INTERVAL_MS,
  });
  const { suggestions, resolve } = useSuggestions(session.id, editable);
  if (!displayed) return null;
  const { kind, language } = displayed;
  const View = VIEWS[kind];

  return (
    <ErrorBoundary fallbackRender={() => <UnformattedDocument content={session.content()} />}>
      <Suspense fallback={<Spinner label="Loading the document" className="m-5" />}>
        <View
          documentId={session.id}
          title={title}
          kind={kind}
          language={language}
          content={streamed ? throttledContent : content}
          mode={streamed ? 'streaming' : editable ? 'editing' : 'reading'}
          onEdit={session.edit}
          suggestions={editable ? suggestions : NO_SUGGESTIONS}
          onResolveSuggestion={resolve}
          onAskForChange={(text, locationWithin) => {
            const isOldVersion = !streamed && !editable && detail && detail.version < detail.latest;
            const location = [isOldVersion && `version ${detail.version}`, locationWithin]
              .filter(Boolean)
              .join(', ');
            setExcerpt({ documentId: session.id, title, text, location });
            if (matchMedia(PANEL_COVERS_CHAT_QUERY).matches) store.close();
            // Wait until the panel no longer covers the composer.
            setTimeout(focusComposer);
          }}
        />
      </Suspense>
    </ErrorBoundary>
  );
}

/** Fallback if a view throws: the plain text. */
function UnformattedDocument({ content }: { content: string }) {
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3 p-5">
      <div role="alert" className="flex items-center gap-2 text-sm">
        <p className="flex-1">
          Couldn’t display the document in its editor. This is its text; reload the page to edit it.
        </p>
        <CopyButton getText={() => content} label="Copy the text" size="icon-sm" />
      </div>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: scroll containers must be focusable by keyboard
        tabIndex={0}
        className="min-h-0 flex-1 overflow-auto whitespace-pre-wrap rounded-md bg-code p-4 text-sm"
      >
        {content}
      </pre>
    </div>
  );
}
