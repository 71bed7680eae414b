/**
 * Toasts that add nothing to the initial bundle: `toast` has sonner's most used calls and loads
 * sonner on the first one. Use this instead of importing sonner.
 */
import type { ExternalToast } from 'sonner';

let hasToasts = false;
const listeners = new Set<() => void>();

/** For the Toaster: calls the listener on each toast, and at once if there was one already. */
export function onToast(listener: () => void): () => void {
  if (hasToasts) listener();
  listeners.add(listener);
  return () => listeners.delete(listener);
}

type ToastKind = 'error' | 'success' | 'info';

function showToast(kind: ToastKind, message: string, options?: ExternalToast): void {
  hasToasts = true;
  for (const listener of listeners) listener();
  // If the chunk cannot be loaded, the server is unreachable and no toast can be displayed.
  import('sonner').then(({ toast: sonner }) => sonner[kind](message, options)).catch(() => {});
}

export const toast = {
  error: (message: string, options?: ExternalToast) => showToast('error', message, options),
  success: (message: string, options?: ExternalToast) => showToast('success', message, options),
  info: (message: string, options?: ExternalToast) => showToast('info', message, options),
};
