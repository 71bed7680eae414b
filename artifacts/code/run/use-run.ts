'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { createOutput, type Output } from '@/artifacts/code/run/output-list';
import { type Outcome, startRun } from '@/artifacts/code/run/start-run';

/** Output is drawn so often, however fast it comes. */
const DRAW_MS = 100;

export type Run = {
  status: 'loading' | 'running' | Outcome;
  output: Output;
  /** How long the program ran, once it has ended. */
  ms: number;
};

/** One run at a time; it ends with the component. */
export function useRun() {
  const [run, setRun] = useState<Run | null>(null);
  const stop = useRef<() => void>(undefined);
  useEffect(() => () => stop.current?.(), []);

  const start = useCallback((code: string, language: string) => {
    stop.current?.();
    let now: Run = { status: 'loading', output: [], ms: 0 };
    const output = createOutput();
    let startedAt = Number.NaN;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const draw = (change: Partial<Run>) => {
      clearTimeout(timer);
      timer = undefined;
      now = { ...now, output: output.list(), ...change };
      setRun(now);
    };
    draw({});
    stop.current = startRun(code, language, {
      onStart() {
        startedAt = performance.now();
        draw({ status: 'running' });
      },
      onOutput(item) {
        output.add(item);
        timer ??= setTimeout(() => draw({}), DRAW_MS);
      },
      onEnd: (status) => draw({ status, ms: performance.now() - startedAt }),
    });
  }, []);

  const close = useCallback(() => {
    stop.current?.();
    setRun(null);
  }, []);

  return { run, start, stop: useCallback(() => stop.current?.(), []), close };
}
