import katex from 'katex';

/** Longer formulas (characters) stay as they are written. */
const MAX_TEX = 10_000;

/** HTML of KaTeX's making, which lets nothing of the formula through unescaped; null where it fails. */
export function renderFormula(tex: string, display: boolean): string | null {
  if (tex.length > MAX_TEX) return null;
  try {
    return katex.renderToString(tex, {
      displayMode: display,
      throwOnError: false,
      strict: 'ignore',
      trust: false,
      maxSize: 50,
      maxExpand: 200,
    });
  } catch {
    return null;
  }
}
