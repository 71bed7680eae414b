/**
 * Sets formulas off the main thread: KaTeX alone takes longer to start than a frame. Asked with a
 * FormulaRequest, answers with a FormulaAnswer.
 */
import { renderFormula } from '@/lib/client/markdown/render-formula';

export type FormulaRequest = { id: number; tex: string; display: boolean };
/** What `renderFormula` returns for it. */
export type FormulaResponse = { id: number; html: string | null };

self.addEventListener('message', ({ data }: MessageEvent<FormulaRequest>) => {
  const html = renderFormula(data.tex, data.display);
  self.postMessage({ id: data.id, html } satisfies FormulaResponse);
});
