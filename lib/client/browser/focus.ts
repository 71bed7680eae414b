const EDITABLE = 'input, textarea, select, [contenteditable]';
const INTERACTIVE = '[role=grid], [role=menu], [role$=dialog]';

/** Whether the target is in a field or an editor, which handles keys, drops and copies itself. */
export function isEditable(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  // The nearest ancestor decides: an editor may contain read-only parts.
  const field = target.closest(EDITABLE);
  return field !== null && field.getAttribute('contenteditable') !== 'false';
}

/** Whether a field, grid, menu or dialog has the focus, which content that loads later must keep. */
export function isInteractiveFocused(): boolean {
  const { activeElement } = document;
  return isEditable(activeElement) || activeElement?.closest(INTERACTIVE) != null;
}
