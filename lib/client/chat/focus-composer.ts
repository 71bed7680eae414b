/** Puts the cursor into the message box, where the page has one. */
export function focusComposer(): void {
  document.querySelector<HTMLElement>('#main textarea[aria-label="Message"]')?.focus();
}
