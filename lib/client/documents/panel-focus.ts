/** Where the panel lies over the chat instead of standing beside it. Tailwind's `lg` is the limit. */
export const PANEL_COVERS_CHAT_QUERY = '(max-width: 63.99rem)';

/** Whether the user is at work in the document that is open: the focus of this window is in it. */
export function isFocusInDocument(): boolean {
  return document.hasFocus() && document.activeElement?.closest('[data-document]') != null;
}

/**
 * Whether a document that the model begins may come into view by itself: not over another one that
 * the person is at work in, nor over the message that they are writing on a small screen.
 * @param visibleDocumentId the id of the document that is in view
 */
export function canOpenUnprompted(visibleDocumentId: string | null): boolean {
  const focusedElement = document.activeElement;
  if (visibleDocumentId !== null) return !focusedElement?.closest('[data-artifact]');
  const isComposingMessage =
    focusedElement instanceof HTMLTextAreaElement && focusedElement.value !== '';
  return !(isComposingMessage && matchMedia(PANEL_COVERS_CHAT_QUERY).matches);
}
