import { createWorkerClient } from '@/lib/client/browser/worker-client';
import type { FormulaRequest, FormulaResponse } from '@/lib/client/markdown/formula.worker';

/** Renders a formula in a worker, which starts with the first one. Rejects on timeout. */
export const requestFormula = createWorkerClient<FormulaRequest, FormulaResponse>(
  () => new Worker(new URL('./formula.worker.ts', import.meta.url), { type: 'module' }),
);
