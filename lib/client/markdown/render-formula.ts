import katex from 'katex';

/** Longer formulas are displayed as source. */
const MAX_TEX_CHARS = 10_000;
/**
 * Stricter limits for formulas that define macros: each expansion can be as long as the formula. At
 * both limits rendering takes one to two seconds.
 */
const MAX_TEX_CHARS_WITH_MACROS = 1_000;
const MAX_EXPANSIONS_WITH_MACROS = 50;
/** Includes commands that KaTeX itself defines as macros. */
const MAX_EXPANSIONS = 200;
const MACRO_DEFINITION =
  /\\(?:[gex]?def|(?:re)?newcommand|providecommand|(?:future)?let|global|long)(?![a-zA-Z])/;
/** Longer output takes the browser seconds to lay out. */
const MAX_HTML_CHARS = 2_000_000;

/**
 * Renders a formula to HTML with KaTeX, which escapes everything from the formula and loads nothing.
 * Returns null if the formula cannot be rendered or exceeds a limit.
 */
export function renderFormula(
  tex: string,
  displayMode: boolean,
  output: 'mathml' | 'htmlAndMathml' = 'htmlAndMathml',
): string | null {
  const definesMacros = MACRO_DEFINITION.test(tex);
  if (tex.length > (definesMacros ? MAX_TEX_CHARS_WITH_MACROS : MAX_TEX_CHARS)) return null;
  try {
    const html = katex.renderToString(tex, {
      displayMode,
      output,
      throwOnError: false,
      strict: 'ignore',
      trust: false,
      maxSize: 50,
      maxExpand: definesMacros ? MAX_EXPANSIONS_WITH_MACROS : MAX_EXPANSIONS,
    });
    return html.length > MAX_HTML_CHARS ? null : html;
  } catch {
    // Nested too deep for KaTeX's parser.
    return null;
  }
}
