'use client';

import { lazy, Suspense } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { Button } from '@/components/ui/button';
import { useDocumentState, useDocumentStore } from '@/lib/client/documents/document-store-context';
import { useDocumentInUrl } from '@/lib/client/documents/use-document-in-url';
import { useCloseOnBack } from '@/lib/client/navigation/use-close-on-back';

const DocumentPanel = lazy(() => import('@/components/documents/document-panel'));

/**
 * Renders the panel next to the chat. The panel's code is loaded when the first document opens. The
 * URL names the open document, and Back closes it.
 */
export function DocumentPanelSlot({ chatId }: { chatId: string }) {
  const open = useDocumentState((snapshot) => snapshot.open);
  const store = useDocumentStore();
  const query = useDocumentInUrl(chatId);
  useCloseOnBack(open?.isPanelOpen === true, store.close, query);
  if (!open?.isPanelOpen) return null;
  return (
    <ErrorBoundary FallbackComponent={DocumentPanelError} resetKeys={[open.id, open.openRequests]}>
      <Suspense fallback={null}>
        <DocumentPanel chatId={chatId} open={open} />
      </Suspense>
    </ErrorBoundary>
  );
}

function DocumentPanelError() {
  const store = useDocumentStore();
  return (
    <aside
      aria-label="Document"
      className="flex flex-col items-start gap-3 bg-card p-5 max-lg:fixed max-lg:inset-0 max-lg:z-40 lg:w-[min(50%,44rem)] lg:border-l"
    >
      <p role="alert">Couldn’t display the document. Reload the page to open it.</p>
      <div className="flex gap-2">
        <Button onClick={() => location.reload()}>Reload</Button>
        <Button variant="outline" onClick={store.close}>
          Close
        </Button>
      </div>
    </aside>
  );
}
