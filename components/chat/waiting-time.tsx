'use client';

import { use, useEffect, useState } from 'react';
import { AwaitedModelContext } from '@/lib/client/chat/awaited-model-context';

const TICK_MS = 1_000;
/** Shorter waits are not worth a text. */
const SHOWN_AFTER_S = 3;

/** How long the model has been waited for. The seconds are not announced. */
export default function WaitingTime() {
  const awaitedModel = use(AwaitedModelContext);
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const startedAt = performance.now();
    const timer = setInterval(
      () => setSeconds(Math.floor((performance.now() - startedAt) / TICK_MS)),
      TICK_MS,
    );
    return () => clearInterval(timer);
  }, []);
  if (seconds < SHOWN_AFTER_S) return null;
  return (
    <span className="animate-fade-in truncate text-muted-foreground text-sm">
      Waiting for {awaitedModel() ?? 'the model'}
      <span aria-hidden="true" className="tabular-nums">{` · ${seconds} s`}</span>
    </span>
  );
}
