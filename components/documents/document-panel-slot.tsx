'use client';

import { lazy, Suspense, useSyncExternalStore } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { Button } from '@/components/ui/button';
import { useDocumentState, useDocumentStore } from '@/lib/client/documents/document-store-context';
import { PANEL_COVERS_CHAT_QUERY } from '@/lib/client/documents/panel-focus';
import { useCloseOnBack } from '@/lib/client/navigation/use-close-on-back';

const DocumentPanel = lazy(() => import('@/components/documents/document-panel'));

/** Renders the panel next to the chat. The panel's code is loaded when the first document opens. */
export function DocumentPanelSlot({ chatId }: { chatId: string }) {
  const open = useDocumentState((snapshot) => snapshot.open);
  const store = useDocumentStore();
  const coversChat = useSyncExternalStore(subscribeToPanelCover, panelCoversChat, () => false);
  useCloseOnBack(coversChat && open?.isPanelOpen === true, store.close);
  if (!open?.isPanelOpen) return null;
  return (
    <ErrorBoundary FallbackComponent={DocumentPanelError} resetKeys={[open.id, open.openRequests]}>
      <Suspense fallback={null}>
        <DocumentPanel chatId={chatId} open={open} />
      </Suspense>
    </ErrorBoundary>
  );
}

function subscribeToPanelCover(listener: () => void): () => void {
  const query = matchMedia(PANEL_COVERS_CHAT_QUERY);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

function panelCoversChat(): boolean {
  return matchMedia(PANEL_COVERS_CHAT_QUERY).matches;
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
