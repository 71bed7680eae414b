/**
 * Sets formulas off the main thread: KaTeX alone takes longer to start than a frame. Asked with a
 * FormulaRequest, answers with a FormulaAnswer.
 */
import katex from 'katex';

export type FormulaRequest = { id: number; tex: string; display: boolean };
/** HTML of KaTeX's making, which lets nothing of the formula through unescaped; null where it fails. */
export type FormulaAnswer = { id: number; html: string | null };

/** Longer formulas (characters) stay as they are written. */
const MAX_TEX = 10_000;

function set({ tex, display }: FormulaRequest): string | null {
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

self.addEventListener('message', ({ data }: MessageEvent<FormulaRequest>) => {
  self.postMessage({ id: data.id, html: set(data) } satisfies FormulaAnswer);
});
