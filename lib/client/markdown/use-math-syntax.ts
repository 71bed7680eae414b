'use client';

/** The syntax of maths, loaded when a text first needs it; until then formulas are text. */
import { startTransition, useEffect, useReducer } from 'react';
import type { Syntax } from '@/lib/client/markdown/parse';

let loadedSyntax: Syntax | undefined;
let loadingPromise: Promise<void> | undefined;

/** @throws where it cannot be loaded; it can be asked for again */
export function loadMathSyntax(): Promise<void> {
  loadingPromise ??= import('@/lib/client/markdown/math-syntax')
    .then(({ mathSyntax }) => {
      loadedSyntax = mathSyntax;
    })
    .finally(() => {
      loadingPromise = undefined;
    });
  return loadingPromise;
}

/** The syntax, once it is there and where it is wanted. */
export function useMathSyntax(isNeeded: boolean): Syntax | undefined {
  const [, rerender] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    if (!isNeeded || loadedSyntax) return;
    loadMathSyntax()
      // Not urgent: many blocks may have waited for it, and they need not hold up the page at once.
      .then(() => startTransition(rerender))
      // The text is shown without it; the next one that needs it asks again.
      .catch(() => {});
  }, [isNeeded]);
  return isNeeded ? loadedSyntax : undefined;
}
