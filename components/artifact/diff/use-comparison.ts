'use client';

import { useEffect, useState } from 'react';
import type { ComparedAs } from '@/artifacts/kind';
import type { Comparison } from '@/components/artifact/diff/compare';
import type { DiffAnswer, DiffRequest } from '@/components/artifact/diff/diff.worker';
import { createAsker } from '@/lib/client/markdown/ask-worker';

const ask = createAsker<DiffRequest, DiffAnswer>(
  () => new Worker(new URL('./diff.worker.ts', import.meta.url), { type: 'module' }),
);

type Result = Comparison | 'comparing' | 'failed';

/** What changed between two versions, once a worker has told. */
export function useComparison(before: string, after: string, as: ComparedAs): Result {
  const [result, setResult] = useState<Result>('comparing');
  useEffect(() => {
    let wanted = true;
    setResult('comparing');
    const show = (found: Result) => {
      if (wanted) setResult(found);
    };
    ask({ before, after, as }).then(
      ({ comparison }) => show(comparison ?? 'failed'),
      () => show('failed'),
    );
    return () => {
      wanted = false;
    };
  }, [before, after, as]);
  return result;
}
