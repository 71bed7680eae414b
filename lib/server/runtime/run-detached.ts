import { AsyncLocalStorage } from 'node:async_hooks';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

type RunInContext = <T>(work: () => T) => T;

const detachedContext = () =>
  processSingleton<RunInContext>('outsideRequest', () => AsyncLocalStorage.snapshot());

/** Keeps the context that has no request. Called once, when the process starts. */
export function captureDetachedContext(): void {
  detachedContext();
}

/**
 * Does work that belongs to the process and not to the request that began it. Timers, sockets and
 * promises keep the context in which they were made, and with it, for as long as a run is kept, all
 * that Next holds of its request.
 */
export function runDetached<T>(task: () => T): T {
  return detachedContext()(task);
}
