/** Where the panel lies over the chat instead of standing beside it. Tailwind's `lg` is the limit. */
export const COVERS = '(max-width: 63.99rem)';

/** Whether the user is at work in the document that is open: the focus of this window is in it. */
export function isFocusInDocument(): boolean {
  return document.hasFocus() && document.activeElement?.closest('[data-document]') != null;
}

/**
 * Whether a document that the model begins may come into view by itself: not over another one that
 * the person is at work in, nor over the message that they are writing on a small screen.
 * @param instead the id of the document that is in view
 */
export function mayOpen(instead: string | null): boolean {
  const focused = document.activeElement;
  if (instead !== null) return !focused?.closest('[data-artifact]');
  const writes = focused instanceof HTMLTextAreaElement && focused.value !== '';
  return !(writes && matchMedia(COVERS).matches);
}
