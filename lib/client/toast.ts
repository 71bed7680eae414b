/**
 * Toasts that weigh nothing in the first load: `toast` has sonner's most used calls, and sonner
 * itself comes later. Use this instead of importing sonner.
 */
import type { ExternalToast } from 'sonner';

let wanted = false;
const listeners = new Set<() => void>();

/** For the Toaster: calls back with each toast, and at once where there was one already. */
export function onToastWanted(listener: () => void): () => void {
  if (wanted) listener();
  listeners.add(listener);
  return () => listeners.delete(listener);
}

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
