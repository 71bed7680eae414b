/**
 * Formulas of messages that are rendered only for printing. The browser does not wait for a worker
 * then, so KaTeX, its fonts and the math syntax are loaded before, and formulas render on the main
 * thread.
 */
import { hasMath, normalizeMath } from '@/lib/client/markdown/find-math';
import { setSynchronousRender } from '@/lib/client/markdown/use-formula';
import { loadMathSyntax } from '@/lib/client/markdown/use-math-syntax';

/** The fonts of nearly all formulas; other characters are printed in the font of the text. */
const FONTS = /^"?KaTeX_(?:Main|Math|AMS|Size[1-4])"?$/;

let isPrepared = false;

/**
 * Prepares printing if one of the texts has a formula.
 * @param texts Markdown that is not rendered yet
 */
export function preparePrint(texts: readonly string[]): void {
  if (isPrepared || !texts.some((text) => hasMath(normalizeMath(text)))) return;
  isPrepared = true;
  prepare().catch(() => {
    // Formulas are printed as source, or without their fonts, until a later call succeeds.
    isPrepared = false;
  });
}

async function prepare(): Promise<void> {
  const [{ renderFormula }] = await Promise.all([
    import('@/lib/client/markdown/render-formula'),
    loadMathSyntax(),
  ]);
  // In the capture phase: before the listeners that render the messages.
  addEventListener('beforeprint', () => setSynchronousRender(renderFormula), { capture: true });
  addEventListener('afterprint', () => setSynchronousRender(null));
  const faces = [...document.fonts].filter(
    ({ family, weight }) => FONTS.test(family) && /^(?:400|normal)$/.test(weight),
  );
  await Promise.all(faces.map((face) => face.load()));
}
