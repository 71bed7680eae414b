'use client';

import { Suspense } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { useDebounce } from 'use-debounce';
import { VIEWS } from '@/artifacts/registry/views';
import { CopyButton } from '@/components/chat/copy-button';
import { Spinner } from '@/components/ui/spinner';
import { useArtifactStore } from '@/lib/client/artifact/context';
import { COVERS } from '@/lib/client/artifact/may-open';
import type { DocumentSession } from '@/lib/client/artifact/session';
import type { SessionState } from '@/lib/client/artifact/session-state';
import { useSuggestions } from '@/lib/client/artifact/use-suggestions';
import { focusComposer } from '@/lib/client/composer';
import type { Suggestion } from '@/lib/protocol/events';

/** However fast the model is, what it writes is drawn this often and no more. */
const DRAW_MS = 80;
const DRAW_AT_LEAST_MS = 200;

const NO_SUGGESTIONS: Suggestion[] = [];

type DocumentViewProps = {
  session: DocumentSession;
  state: SessionState;
  title: string;
};

/** The view of the document's kind: as it is written, to be edited, or an older version to read. */
export function DocumentView({ session, state, title }: DocumentViewProps) {
  const { detail, live, editable } = state;
  const store = useArtifactStore();
  const shown = live ?? detail;
  const whole = shown?.content ?? '';
  const [written] = useDebounce(whole, DRAW_MS, { maxWait: DRAW_AT_LEAST_MS });
  const { suggestions, resolve } = useSuggestions(session.id, editable);
  if (!shown) return null;
  const { kind, language } = shown;
  const View = VIEWS[kind];

  return (
    <ErrorBoundary fallbackRender={() => <RawText content={session.content()} />}>
      <Suspense fallback={<Spinner label="Loading the document" className="m-5" />}>
        <View
          documentId={session.id}
          title={title}
          kind={kind}
          language={language}
          content={live ? written : whole}
          mode={live ? 'streaming' : editable ? 'editing' : 'reading'}
          onEdit={session.edit}
          suggestions={editable ? suggestions : NO_SUGGESTIONS}
          onSuggestion={resolve}
          onAskForChange={(text, within) => {
            const old = !live && !editable && detail && detail.version < detail.latest;
            const place = [old && `version ${detail.version}`, within].filter(Boolean).join(', ');
            store.refer({ documentId: session.id, title, text, place });
            if (matchMedia(COVERS).matches) store.close();
            // After what covered the message box is gone.
            setTimeout(focusComposer);
          }}
        />
      </Suspense>
    </ErrorBoundary>
  );
}

/** What is left where a view has failed: nothing is lost. */
function RawText({ content }: { content: string }) {
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3 p-5">
      <div role="alert" className="flex items-center gap-2 text-sm">
        <p className="flex-1">
          The document could not be shown in its usual form. Here is its text; reload the page to
          edit it.
        </p>
        <CopyButton text={() => content} label="Copy the text" size="icon-sm" />
      </div>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="min-h-0 flex-1 overflow-auto whitespace-pre-wrap rounded-md bg-code p-4 text-sm"
      >
        {content}
      </pre>
    </div>
  );
}
