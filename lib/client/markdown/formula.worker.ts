/**
 * Renders formulas off the main thread: loading KaTeX alone takes longer than a frame. Responds to
 * each FormulaRequest with a FormulaResponse.
 */
import { renderFormula } from '@/lib/client/markdown/render-formula';

export type FormulaRequest = { id: number; tex: string; display: boolean };
/** The result of `renderFormula`. */
export type FormulaResponse = { id: number; html: string | null };

self.addEventListener('message', ({ data }: MessageEvent<FormulaRequest>) => {
  const html = renderFormula(data.tex, data.display);
  self.postMessage({ id: data.id, html } satisfies FormulaResponse);
});
