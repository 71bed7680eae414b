/** Focuses the page's message box, if any. */
export function focusComposer(): void {
  document.querySelector<HTMLElement>('#main textarea[aria-label="Message"]')?.focus();
}
