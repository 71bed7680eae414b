import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWorkerClient } from '@/lib/client/browser/worker-client';
import type { HighlightResponse } from '@/lib/client/markdown/highlight.worker';

type Request = { id: number; text: string };

/**
 * Responds immediately, except to "slow" (after a minute), to "hang", which also blocks all later
 * requests, and to "fail", which ends the worker with an error.
 */
class FakeWorker extends EventTarget {
  static instances: FakeWorker[] = [];
  private isHanging = false;
  terminated = false;

  constructor() {
    super();
    FakeWorker.instances.push(this);
  }

  postMessage({ id, text }: Request): void {
    if (text === 'fail') queueMicrotask(() => this.dispatchEvent(new Event('error')));
    if (text === 'hang' || text === 'fail') this.isHanging = true;
    if (this.isHanging) return;
    const respond = () => {
      if (!this.terminated) this.dispatchEvent(new MessageEvent('message', { data: { id, text } }));
    };
    if (text === 'slow') setTimeout(respond, 60_000);
    else queueMicrotask(respond);
  }

  terminate(): void {
    this.terminated = true;
  }
}

describe('a worker request', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    FakeWorker.instances = [];
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const createClient = () =>
    createWorkerClient<Request, Request>(() => new FakeWorker() as unknown as Worker);

  it('is answered by a new worker if another request blocks the old one', async () => {
    const sendRequest = createClient();
    const hangingRejected = expect(sendRequest({ text: 'hang' })).rejects.toThrow('took too long');
    const otherResponse = sendRequest({ text: 'other' });
    await vi.advanceTimersByTimeAsync(19_000);
    expect(FakeWorker.instances).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(FakeWorker.instances.map(({ terminated }) => terminated)).toEqual([true, false]);
    expect(await otherResponse).toMatchObject({ text: 'other' });
    await vi.advanceTimersByTimeAsync(90_000);
    await hangingRejected;
    expect(FakeWorker.instances.at(-1)?.terminated).toBe(true);
    // The hanging request does not block later ones.
    expect(await sendRequest({ text: 'later' })).toMatchObject({ text: 'later' });
  });

  it('is rejected at once if the worker cannot be loaded, and the next one starts another', async () => {
    const sendRequest = createClient();
    await expect(sendRequest({ text: 'fail' })).rejects.toThrow('could not be loaded');
    expect(FakeWorker.instances[0]?.terminated).toBe(true);
    expect(await sendRequest({ text: 'later' })).toMatchObject({ text: 'later' });
  });

  it('is retried with a longer timeout if the device is slow', async () => {
    const sendRequest = createClient();
    const slowResponse = sendRequest({ text: 'slow' });
    await vi.advanceTimersByTimeAsync(80_000);
    expect(await slowResponse).toMatchObject({ text: 'slow' });
  });
});

describe('the highlighting worker', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  it('highlights every line, even if compiling the grammar takes long', async () => {
    const responses: HighlightResponse[] = [];
    const workerScope = Object.assign(new EventTarget(), {
      postMessage: (response: HighlightResponse) => responses.push(response),
    });
    vi.stubGlobal('self', workerScope);
    await import('@/lib/client/markdown/highlight.worker');
    // Each reading of the clock advances it by 30 s.
    let now = 0;
    vi.spyOn(Date, 'now').mockImplementation(() => (now += 30_000));
    const code = 'template<typename T> int f(const T& x) { return x + 1; }\nint a = 2; // b';
    const data = { id: 1, language: 'cpp', code };
    workerScope.dispatchEvent(new MessageEvent('message', { data }));
    await vi.waitFor(() => expect(responses).toHaveLength(1), 60_000);
    const lines = responses[0]?.lines ?? [];
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(new Set(line.map(([, light]) => light)).size).toBeGreaterThan(2);
    }
  });
});
