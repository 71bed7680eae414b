/** Lazy-loaded: the initial bundle does not contain it. */
import { newUuid } from '@/lib/client/browser/new-uuid';
import { toast } from '@/lib/client/browser/toast';

/** How long an action can be undone from its toast, in milliseconds. */
const UNDO_MS = 10_000;
/**
 * The same if sonner pauses the time because the pointer is on the toast or the page is hidden. The
 * server waits longer (lib/server/chat/purge-chats).
 */
const MAX_UNDO_MS = 15_000;

/** Reports an action that can be undone for a while. */
export function showUndoToast(message: string, onUndo: () => void): void {
  const id = newUuid();
  const action = { label: 'Undo', onClick: onUndo };
  toast.success(message, { id, duration: UNDO_MS, action });
  setTimeout(() => {
    import('sonner').then(({ toast: sonner }) => sonner.dismiss(id)).catch(() => {});
  }, MAX_UNDO_MS);
}
