/**
 * Characters that draw nothing: white space, controls, half surrogate pairs, everything that Unicode
 * lets a renderer ignore (zero-width characters, Hangul fillers, variation selectors, tags), and the
 * few that are classed as letters or symbols and are blank all the same: the Braille blank, the null
 * notehead, the Khitan filler, the object replacement, the sign that takes the
 * place of what could not be stored, annotation and hieroglyph controls.
 * Not the whole category of format characters: the Arabic number signs are drawn.
 */
const BLANK =
  /^[\s\p{Z}\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffd\u{13430}-\u{13440}\u{16fe4}\u{1d159}]*$/u;

/** Whether nothing of the text can be seen. Stops at the first visible character. */
export function isBlank(text: string): boolean {
  return BLANK.test(text);
}
