'use client';

/** The syntax of maths, loaded when a text first needs it; until then formulas are text. */
import { startTransition, useEffect, useReducer } from 'react';
import type { Syntax } from '@/lib/client/markdown/parse';

let loaded: Syntax | undefined;
let loading: Promise<void> | undefined;

/** @throws where it cannot be loaded; it can be asked for again */
export function loadMathSyntax(): Promise<void> {
  loading ??= import('@/lib/client/markdown/math-syntax')
    .then(({ mathSyntax }) => {
      loaded = mathSyntax;
    })
    .finally(() => {
      loading = undefined;
    });
  return loading;
}

/** The syntax, once it is there and where it is wanted. */
export function useMathSyntax(wanted: boolean): Syntax | undefined {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    if (!wanted || loaded) return;
    loadMathSyntax()
      // Not urgent: many blocks may have waited for it, and they need not hold up the page at once.
      .then(() => startTransition(redraw))
      // The text is shown without it; the next one that needs it asks again.
      .catch(() => {});
  }, [wanted]);
  return wanted ? loaded : undefined;
}
