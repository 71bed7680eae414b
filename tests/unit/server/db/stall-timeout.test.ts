import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { withStallTimeout } from '@/lib/server/db/stall-timeout';
import { createGate } from '@/tests/support/gate';

const TIMEOUT_MS = 500;

/** Blocks the event loop: neither timers nor sockets are served. */
function blockEventLoop(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

describe('a stall timeout', () => {
  it('reports once that the promise is still pending, and returns its result later', async () => {
    const stalled = createGate();
    const onStall = vi.fn(stalled.open);
    const late = stalled.opened.then(() => sleep(2 * TIMEOUT_MS, 'late'));
    expect(await withStallTimeout(late, TIMEOUT_MS, onStall)).toBe('late');
    expect(onStall).toHaveBeenCalledTimes(1);
  });

  it('does not count the time for which the event loop was blocked', async () => {
    const onStall = vi.fn();
    // The file has been read during the block, but the timers' callbacks run first.
    const reading = withStallTimeout(readFile('package.json'), TIMEOUT_MS, onStall);
    blockEventLoop(2 * TIMEOUT_MS);
    await reading;
    expect(onStall).not.toHaveBeenCalled();
  });
});
