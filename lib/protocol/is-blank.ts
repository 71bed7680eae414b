/**
 * Invisible characters: whitespace, controls, lone surrogates, all characters that Unicode lets a
 * renderer ignore (zero-width characters, Hangul fillers, variation selectors, tags), and the few
 * that are classified as letters or symbols but render blank: the Braille blank, the null notehead,
 * the Khitan filler, the object replacement character, the replacement character (U+FFFD, which
 * stands for text that could not be stored), annotation and hieroglyph controls. Not the whole
 * category of format characters: the Arabic number signs are visible.
 */
const BLANK =
  /^[\s\p{Z}\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffd\u{13430}-\u{13440}\u{16fe4}\u{1d159}]*$/u;

/** Whether the text has no visible character. Stops at the first visible one. */
export function isBlank(text: string): boolean {
  return BLANK.test(text);
}
