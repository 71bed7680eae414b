/** Bounds the cost of the patterns, which are matched again while a program is streamed. */
const LANGUAGE_SAMPLE_CHARS = 2_000;

/** Returns the start of a program, which its language is guessed from. */
export function languageSample(code: string): string {
  return code.slice(0, LANGUAGE_SAMPLE_CHARS);
}
