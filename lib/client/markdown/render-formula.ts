import katex from 'katex';

/** Longer formulas (characters) stay as they are written. */
const MAX_TEX = 10_000;
/** With macros of its own a formula may be as much longer as it expands them: together a second or two. */
const MAX_TEX_WITH_MACROS = 1_000;
const MAX_OWN_EXPANSIONS = 50;
/** Commands of KaTeX that are macros, too. */
const MAX_EXPANSIONS = 200;
const DEFINES =
  /\\(?:[gex]?def|(?:re)?newcommand|providecommand|(?:future)?let|global|long)(?![a-zA-Z])/;
/** The page makes elements of it: more takes seconds. */
const MAX_HTML = 2_000_000;

/**
 * A formula as HTML of KaTeX's making, which lets nothing of the formula through unescaped and loads
 * nothing. Null where it cannot be set, or would be too much for a page.
 */
export function renderFormula(
  tex: string,
  displayMode: boolean,
  output: 'mathml' | 'htmlAndMathml' = 'htmlAndMathml',
): string | null {
  const defines = DEFINES.test(tex);
  if (tex.length > (defines ? MAX_TEX_WITH_MACROS : MAX_TEX)) return null;
  try {
    const html = katex.renderToString(tex, {
      displayMode,
      output,
      throwOnError: false,
      strict: 'ignore',
      trust: false,
      maxSize: 50,
      maxExpand: defines ? MAX_OWN_EXPANSIONS : MAX_EXPANSIONS,
    });
    return html.length > MAX_HTML ? null : html;
  } catch {
    // What is nested too deep for its parser.
    return null;
  }
}
