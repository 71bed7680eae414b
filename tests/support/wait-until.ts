import { setTimeout as sleep } from 'node:timers/promises';

/** Retries `check` until it does not throw. @throws its last error after `timeoutMs` */
export async function waitUntil<T>(check: () => T | Promise<T>, timeoutMs = 20_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(10);
    }
  }
}
