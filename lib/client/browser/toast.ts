/**
 * Toasts that weigh nothing in the first load: `toast` has sonner's most used calls, and sonner
 * itself comes later. Use this instead of importing sonner.
 */
import type { ExternalToast } from 'sonner';

let hasToasts = false;
const listeners = new Set<() => void>();

/** For the Toaster: calls back with each toast, and at once where there was one already. */
export function onToast(listener: () => void): () => void {
  if (hasToasts) listener();
  listeners.add(listener);
  return () => listeners.delete(listener);
}

type Kind = 'error' | 'success' | 'info';

function showToast(kind: Kind, message: string, options?: ExternalToast): void {
  hasToasts = true;
  for (const listener of listeners) listener();
  // Where the chunk itself cannot be had, the server is gone: there is nothing left to tell it with.
  import('sonner').then(({ toast: sonner }) => sonner[kind](message, options)).catch(() => {});
}

export const toast = {
  error: (message: string, options?: ExternalToast) => showToast('error', message, options),
  success: (message: string, options?: ExternalToast) => showToast('success', message, options),
  info: (message: string, options?: ExternalToast) => showToast('info', message, options),
};
