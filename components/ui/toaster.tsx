'use client';

import { type ComponentType, useEffect, useState } from 'react';
import { onToast } from '@/lib/client/browser/toast';

/**
 * Displays toasts. Loads sonner at the user's first interaction, before the first toast: it could
 * not be loaded for a toast that reports an unreachable server. Sonner replays earlier toasts.
 */
export function Toaster() {
  const [Sonner, setSonner] = useState<ComponentType>();
  useEffect(() => {
    let isRequested = false;
    const load = () => {
      if (isRequested) return;
      isRequested = true;
      import('./sonner-toaster').then(
        (module) => {
          setSonner(() => module.SonnerToaster);
          stopListening();
        },
        () => {
          // The next interaction tries again.
          isRequested = false;
        },
      );
    };
    const unsubscribe = onToast(load);
    addEventListener('pointerdown', load);
    addEventListener('keydown', load);
    function stopListening() {
      unsubscribe();
      removeEventListener('pointerdown', load);
      removeEventListener('keydown', load);
    }
    return stopListening;
  }, []);
  return Sonner ? <Sonner /> : null;
}
