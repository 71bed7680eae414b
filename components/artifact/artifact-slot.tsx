'use client';

import { lazy, Suspense, useSyncExternalStore } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { Button } from '@/components/ui/button';
import { useArtifact, useArtifactStore } from '@/lib/client/artifact/context';
import { COVERS } from '@/lib/client/artifact/may-open';
import { useBackCloses } from '@/lib/client/use-back-closes';

const ArtifactPanel = lazy(() => import('@/components/artifact/artifact-panel'));

/** Where the document beside the chat appears. The panel itself is loaded with the first one. */
export function ArtifactSlot({ chatId }: { chatId: string }) {
  const open = useArtifact((snapshot) => snapshot.open);
  const store = useArtifactStore();
  const covers = useSyncExternalStore(subscribeToWidth, isNarrow, () => false);
  useBackCloses(covers && open?.visible === true, store.close);
  if (!open?.visible) return null;
  return (
    <ErrorBoundary FallbackComponent={PanelFailed} resetKeys={[open.id, open.asked]}>
      <Suspense fallback={null}>
        <ArtifactPanel key={open.id} chatId={chatId} open={open} />
      </Suspense>
    </ErrorBoundary>
  );
}

function subscribeToWidth(changed: () => void): () => void {
  const query = matchMedia(COVERS);
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}

function isNarrow(): boolean {
  return matchMedia(COVERS).matches;
}

function PanelFailed() {
  const store = useArtifactStore();
  return (
    <aside
      aria-label="Document"
      className="flex flex-col items-start gap-3 bg-card p-5 max-lg:fixed max-lg:inset-0 max-lg:z-40 lg:w-[min(50%,44rem)] lg:border-l"
    >
      <p role="alert">
        The document could not be shown. It is not lost: reload the page to see it.
      </p>
      <div className="flex gap-2">
        <Button onClick={() => location.reload()}>Reload</Button>
        <Button variant="outline" onClick={store.close}>
          Close
        </Button>
      </div>
    </aside>
  );
}
