/**
 * Matches viewports where the panel covers the chat instead of standing next to it: below
 * Tailwind's `lg`.
 */
export const PANEL_COVERS_CHAT_QUERY = '(max-width: 63.99rem)';

/** Whether the focus of this tab is inside the open document. */
export function isFocusInDocument(): boolean {
  return document.hasFocus() && document.activeElement?.closest('[data-document-content]') != null;
}

/**
 * Whether a document that the model starts may open by itself: not over another document that has
 * the focus, nor over an unsent message in the composer on a small screen.
 * @param visibleDocumentId id of the visible document, if any
 */
export function canOpenUnprompted(visibleDocumentId: string | null): boolean {
  const focusedElement = document.activeElement;
  if (visibleDocumentId !== null) return !focusedElement?.closest('[data-document-panel]');
  const isComposingMessage =
    focusedElement instanceof HTMLTextAreaElement && focusedElement.value !== '';
  return !(isComposingMessage && matchMedia(PANEL_COVERS_CHAT_QUERY).matches);
}
