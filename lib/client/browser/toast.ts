/**
 * Toasts that add nothing to the initial bundle: `toast` has sonner's most used calls and loads
 * sonner on the first one. Use this instead of importing sonner.
 */
import type { ExternalToast } from 'sonner';
import { createStore } from '@/lib/client/browser/store';

const toastCount = createStore(0);

/** For the Toaster: calls the listener on each toast, and immediately if there was one already. */
export function onToast(listener: () => void): () => void {
  if (toastCount.getState() > 0) listener();
  return toastCount.subscribe(listener);
}

type ToastKind = 'error' | 'success' | 'info';

function showToast(kind: ToastKind, message: string, options?: ExternalToast): void {
  toastCount.setState(toastCount.getState() + 1);
  // If the chunk cannot be loaded, the server is unreachable and no toast can be displayed.
  import('sonner').then(({ toast: sonner }) => sonner[kind](message, options)).catch(() => {});
}

export const toast = {
  error: (message: string, options?: ExternalToast) => showToast('error', message, options),
  success: (message: string, options?: ExternalToast) => showToast('success', message, options),
  info: (message: string, options?: ExternalToast) => showToast('info', message, options),
};
