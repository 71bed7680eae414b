/**
 * Toasts that add nothing to the initial bundle: `toast` has sonner's most used calls and loads
 * sonner on the first one. Use this instead of importing sonner.
 */
import type { ExternalToast } from 'sonner';
import { createStore } from '@/lib/client/browser/store';

const toastCount = createStore(0);

/**
 * For the Toaster: calls `load` at the user's first interaction and on a toast, again after it has
 * failed, until it has succeeded once.
 * @returns a function that removes the listeners
 */
export function loadOnInteraction(load: () => Promise<unknown>): () => void {
  let isLoading = false;
  const start = () => {
    if (isLoading) return;
    isLoading = true;
    load().then(stopListening, () => {
      isLoading = false;
    });
  };
  const unsubscribe = toastCount.subscribe(start);
  addEventListener('pointerdown', start);
  addEventListener('keydown', start);
  function stopListening() {
    unsubscribe();
    removeEventListener('pointerdown', start);
    removeEventListener('keydown', start);
  }
  // There was a toast before.
  if (toastCount.getState() > 0) start();
  return stopListening;
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
