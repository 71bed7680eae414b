/**
 * Toasts that weigh nothing until the first one is shown: `toast` has sonner's most used calls, and
 * loads sonner itself when one of them is called. Use this instead of importing sonner.
 */
import type { ExternalToast } from 'sonner';

let wanted = false;
const listeners = new Set<() => void>();

/** For the Toaster: whether any toast has been asked for yet. */
export const toasterDemand = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  isWanted: (): boolean => wanted,
};

type Kind = 'error' | 'success' | 'info';

function show(kind: Kind, message: string, options?: ExternalToast): void {
  wanted = true;
  for (const listener of listeners) listener();
  // Where the chunk itself cannot be had, the server is gone: there is nothing left to tell it with.
  import('sonner').then(({ toast: sonner }) => sonner[kind](message, options)).catch(() => {});
}

export const toast = {
  error: (message: string, options?: ExternalToast) => show('error', message, options),
  success: (message: string, options?: ExternalToast) => show('success', message, options),
  info: (message: string, options?: ExternalToast) => show('info', message, options),
};
