'use client';

import { lazy, Suspense, useSyncExternalStore } from 'react';
import { toasterDemand } from '@/lib/client/toast';

const SonnerToaster = lazy(() => import('./sonner-toaster'));

/** Where toasts appear. Loads sonner with the first toast; sonner replays what came before it. */
export function Toaster() {
  const wanted = useSyncExternalStore(toasterDemand.subscribe, toasterDemand.isWanted, () => false);
  if (!wanted) return null;
  return (
    <Suspense fallback={null}>
      <SonnerToaster />
    </Suspense>
  );
}
