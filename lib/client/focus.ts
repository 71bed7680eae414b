const AT_WORK =
  'input, textarea, [contenteditable="true"], [role=grid], [role=menu], [role$=dialog]';

/** Whether the user types or chooses somewhere: what arrives late must not take the focus from there. */
export function isFocusInUse(): boolean {
  return document.activeElement?.closest(AT_WORK) != null;
}
