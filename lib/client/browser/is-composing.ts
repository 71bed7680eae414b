type Key = Pick<KeyboardEvent, 'isComposing' | 'keyCode'>;

/**
 * Whether a keydown belongs to an input method (Japanese, Chinese, Korean, …), which selects a word
 * with it. Every field with key handlers must ignore it. Safari sends `compositionend` before the
 * keydown that caused it; only key code 229 distinguishes that one from a real Enter.
 */
export function isComposing(event: Key | { nativeEvent: Key }): boolean {
  const key = 'nativeEvent' in event ? event.nativeEvent : event;
  return key.isComposing || key.keyCode === 229;
}

/** `onEscapeKeyDown` of dialogs and popovers: Escape ends the composition, not the dialog. */
export function ignoreComposingEscape(event: KeyboardEvent): void {
  if (isComposing(event)) event.preventDefault();
}
