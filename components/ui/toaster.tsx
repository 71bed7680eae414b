'use client';

import { type ComponentType, useEffect, useState } from 'react';
import { loadOnInteraction } from '@/lib/client/browser/toast';

/**
 * Displays toasts. Loads sonner at the user's first interaction, before the first toast: it could
 * not be loaded for a toast that reports an unreachable server. Sonner replays earlier toasts.
 */
export function Toaster() {
  const [Sonner, setSonner] = useState<ComponentType>();
  useEffect(
    () =>
      loadOnInteraction(async () => {
        const { SonnerToaster } = await import('./sonner-toaster');
        setSonner(() => SonnerToaster);
      }),
    [],
  );
  return Sonner ? <Sonner /> : null;
}
