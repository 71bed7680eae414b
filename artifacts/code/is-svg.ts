// The pattern for comments is unambiguous, so that it cannot backtrack exponentially.
const SVG_START =
  /^\s*(?:<\?xml[^>]*>\s*)?(?:<!DOCTYPE svg[^>]*>\s*)?(?:<!--(?:(?!-->)[\s\S])*-->\s*)*<svg[\s>]/i;

/** Whether the text begins as an SVG image. `sandbox/prelude.py` has the same pattern. */
export function isSvg(text: string): boolean {
  return SVG_START.test(text);
}
