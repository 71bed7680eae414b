'use client';

import { type ComponentType, useEffect, useState } from 'react';
import { onToast } from '@/lib/client/browser/toast';

/**
 * Where toasts appear. Loads sonner when the person first does something, which is before there is
 * anything to tell: a toast that says the server is gone could not be loaded any more. Sonner
 * replays toasts older than itself.
 */
export function Toaster() {
  const [Sonner, setSonner] = useState<ComponentType>();
  useEffect(() => {
    let isRequested = false;
    const load = () => {
      if (isRequested) return;
      isRequested = true;
      import('./sonner-toaster').then(
        (module) => setSonner(() => module.SonnerToaster),
        () => {
          isRequested = false;
        },
      );
    };
    const unsubscribe = onToast(load);
    addEventListener('pointerdown', load, { once: true });
    addEventListener('keydown', load, { once: true });
    return () => {
      unsubscribe();
      removeEventListener('pointerdown', load);
      removeEventListener('keydown', load);
    };
  }, []);
  return Sonner ? <Sonner /> : null;
}
