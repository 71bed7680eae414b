import { AsyncLocalStorage } from 'node:async_hooks';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

type RunInContext = <T>(task: () => T) => T;

const detachedContext = () =>
  processSingleton<RunInContext>('detachedContext', () => AsyncLocalStorage.snapshot());

/** Captures an async context without a request. Call once, when the process starts. */
export function captureDetachedContext(): void {
  detachedContext();
}

/**
 * Runs a task that belongs to the process, not to the request that started it. Timers, sockets and
 * promises retain the async context in which they were created: without this, a run would retain
 * all of Next.js's request state for as long as it stays in memory.
 */
export function runDetached<T>(task: () => T): T {
  return detachedContext()(task);
}
