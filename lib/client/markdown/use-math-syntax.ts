'use client';

/** The math syntax, loaded when a text first needs it; until then formulas are text. */
import { startTransition, useEffect, useReducer } from 'react';
import type { Syntax } from '@/lib/client/markdown/parse';

let loadedSyntax: Syntax | undefined;
let loadingPromise: Promise<void> | undefined;

/** @throws if it cannot be loaded; the next call tries again */
export function loadMathSyntax(): Promise<void> {
  loadingPromise ??= import('@/lib/client/markdown/page-math-syntax')
    .then(({ mathSyntax }) => {
      loadedSyntax = mathSyntax;
    })
    .finally(() => {
      loadingPromise = undefined;
    });
  return loadingPromise;
}

/** Returns the math syntax once it is loaded, if it is needed. */
export function useMathSyntax(isNeeded: boolean): Syntax | undefined {
  const [, rerender] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    if (!isNeeded || loadedSyntax) return;
    loadMathSyntax()
      // A transition: many blocks may be waiting for it, and their re-render must not block the
      // page.
      .then(() => startTransition(rerender))
      // The text is displayed without it; the next text that needs it retries.
      .catch(() => {});
  }, [isNeeded]);
  return isNeeded ? loadedSyntax : undefined;
}
