const EDITABLE = 'input, textarea, select, [contenteditable]';
const INTERACTIVE = '[role=grid], [role=menu], [role$=dialog]';

/** Whether the target lies in a field, or in what is edited in place: it takes keys, drops and copies itself. */
export function isEditable(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  // The nearest one counts: an editor may hold parts that cannot be edited.
  const field = target.closest(EDITABLE);
  return field !== null && field.getAttribute('contenteditable') !== 'false';
}

/** Whether the user types or chooses somewhere: what arrives late must not take the focus from there. */
export function isInteractiveFocused(): boolean {
  const { activeElement } = document;
  return isEditable(activeElement) || activeElement?.closest(INTERACTIVE) != null;
}
