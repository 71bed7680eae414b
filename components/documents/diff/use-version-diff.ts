'use client';

import { useEffect, useState } from 'react';
import type { DiffMode } from '@/artifacts/kind';
import type { DiffRequest, DiffResponse } from '@/components/documents/diff/diff.worker';
import { createWorkerClient } from '@/lib/client/browser/worker-client';
import type { VersionDiff } from '@/lib/client/documents/diff/types';

const requestDiff = createWorkerClient<DiffRequest, DiffResponse>(
  () => new Worker(new URL('./diff.worker.ts', import.meta.url), { type: 'module' }),
);

type DiffResult = VersionDiff | 'comparing' | 'failed';

/** Returns the diff of two versions, or its status while the worker computes it. */
export function useVersionDiff(before: string, after: string, mode: DiffMode): DiffResult {
  const [result, setResult] = useState<DiffResult>('comparing');
  useEffect(() => {
    let isCurrent = true;
    setResult('comparing');
    const update = (diff: DiffResult) => {
      if (isCurrent) setResult(diff);
    };
    requestDiff({ before, after, mode }).then(
      ({ diff }) => update(diff ?? 'failed'),
      () => update('failed'),
    );
    return () => {
      isCurrent = false;
    };
  }, [before, after, mode]);
  return result;
}
