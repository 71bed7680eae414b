type Key = Pick<KeyboardEvent, 'isComposing' | 'keyCode'>;

/**
 * Whether a keydown belongs to an input method (Japanese, Chinese, Korean, …), which chooses a word
 * with it: every field that reacts to keys must ignore it. Safari sends `compositionend` before the
 * keydown that caused it; only the key code 229 tells that one from an Enter of the user's own.
 */
export function isComposing(event: Key | { nativeEvent: Key }): boolean {
  const key = 'nativeEvent' in event ? event.nativeEvent : event;
  return key.isComposing || key.keyCode === 229;
}

/** For the `onEscapeKeyDown` of dialogs and popovers: Escape ends the composition, not the dialog. */
export function ignoreComposingEscape(event: KeyboardEvent): void {
  if (isComposing(event)) event.preventDefault();
}
