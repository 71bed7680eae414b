'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { type ExecutionOutcome, executeProgram } from '@/artifacts/code/execution/execute-program';
import {
  createOutputCollector,
  type OutputList,
} from '@/artifacts/code/execution/output-collector';
import { OUTPUT_RENDER_INTERVAL_MS } from '@/lib/protocol/latency';

export type Execution = {
  status: 'loading' | 'running' | ExecutionOutcome;
  output: OutputList;
  /** The run time of the program, once it has ended. */
  ms: number;
};

/** Executes one program at a time; unmounting stops it. */
export function useExecution() {
  const [execution, setExecution] = useState<Execution | null>(null);
  const stop = useRef<() => void>(undefined);
  useEffect(() => () => stop.current?.(), []);

  const start = useCallback((code: string, language: string) => {
    stop.current?.();
    let current: Execution = { status: 'loading', output: [], ms: 0 };
    const output = createOutputCollector();
    let startedAt = Number.NaN;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const update = (change: Partial<Execution>) => {
      clearTimeout(timer);
      timer = undefined;
      current = { ...current, output: output.list(), ...change };
      setExecution(current);
    };
    update({});
    stop.current = executeProgram(code, language, {
      onStart() {
        startedAt = performance.now();
        update({ status: 'running' });
      },
      onOutput(item) {
        output.add(item);
        timer ??= setTimeout(() => update({}), OUTPUT_RENDER_INTERVAL_MS);
      },
      onEnd: (status) => update({ status, ms: performance.now() - startedAt }),
    });
  }, []);

  const close = useCallback(() => {
    stop.current?.();
    setExecution(null);
  }, []);

  return { execution, start, stop: useCallback(() => stop.current?.(), []), close };
}
