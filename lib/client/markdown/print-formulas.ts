/**
 * Formulas of messages that are drawn only when the page is printed. A browser does not wait for a worker
 * then: KaTeX, its fonts and the syntax of maths are loaded before, and render on the page's own thread.
 */
import { hasMath, normalizeMath } from '@/lib/client/markdown/find-math';
import { renderAtOnce } from '@/lib/client/markdown/use-formula';
import { loadMathSyntax } from '@/lib/client/markdown/use-math-syntax';

/** The fonts of nearly all formulas; the others are drawn in those of the text. */
const FONTS = /^"?KaTeX_(?:Main|Math|AMS|Size[1-4])"?$/;

let prepared = false;

/** @param texts Markdown that is not drawn yet */
export function preparePrint(texts: readonly string[]): void {
  if (prepared || !texts.some((text) => hasMath(normalizeMath(text)))) return;
  prepared = true;
  prepare().catch(() => {
    // Formulas are printed as they are written, unless it is asked for again.
    prepared = false;
  });
}

async function prepare(): Promise<void> {
  const [{ renderFormula }] = await Promise.all([
    import('@/lib/client/markdown/render-formula'),
    loadMathSyntax(),
  ]);
  // Before the listeners that draw what is printed.
  addEventListener('beforeprint', () => renderAtOnce(renderFormula), { capture: true });
  addEventListener('afterprint', () => renderAtOnce(null));
  const faces = [...document.fonts].filter(
    ({ family, weight }) => FONTS.test(family) && /^(?:400|normal)$/.test(weight),
  );
  await Promise.all(faces.map((face) => face.load()));
}
