import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWorkerClient } from '@/lib/client/browser/worker-client';
import type { HighlightResponse } from '@/lib/client/markdown/highlight.worker';

type Request = { id: number; text: string };

/** Responds immediately; never to "hang" and later requests; to "slow" only after a minute. */
class FakeWorker extends EventTarget {
  static started: FakeWorker[] = [];
  private isHanging = false;
  terminated = false;

  constructor() {
    super();
    FakeWorker.started.push(this);
  }

  postMessage({ id, text }: Request): void {
    if (text === 'hang') this.isHanging = true;
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
    FakeWorker.started = [];
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const start = () =>
    createWorkerClient<Request, Request>(() => new FakeWorker() as unknown as Worker);

  it('is answered by a new worker where another request blocks the old one', async () => {
    const sendRequest = start();
    const hanging = expect(sendRequest({ text: 'hang' })).rejects.toThrow('took too long');
    const other = sendRequest({ text: 'other' });
    await vi.advanceTimersByTimeAsync(19_000);
    expect(FakeWorker.started).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(FakeWorker.started.map(({ terminated }) => terminated)).toEqual([true, false]);
    expect(await other).toMatchObject({ text: 'other' });
    await vi.advanceTimersByTimeAsync(90_000);
    await hanging;
    expect(FakeWorker.started.at(-1)?.terminated).toBe(true);
    // Later requests are not blocked by the one that never ended.
    expect(await sendRequest({ text: 'later' })).toMatchObject({ text: 'later' });
  });

  it('is answered late on a slow device', async () => {
    const sendRequest = start();
    const slow = sendRequest({ text: 'slow' });
    await vi.advanceTimersByTimeAsync(80_000);
    expect(await slow).toMatchObject({ text: 'slow' });
  });
});

describe('the highlighting worker', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  it('highlights every line, although its grammar takes long to compile', async () => {
    const responses: HighlightResponse[] = [];
    const scope = Object.assign(new EventTarget(), {
      postMessage: (response: HighlightResponse) => responses.push(response),
    });
    vi.stubGlobal('self', scope);
    await import('@/lib/client/markdown/highlight.worker');
    // Each reading of the clock advances it by 30 s.
    let now = 0;
    vi.spyOn(Date, 'now').mockImplementation(() => (now += 30_000));
    const code = 'template<typename T> int f(const T& x) { return x + 1; }\nint a = 2; // b';
    const data = { id: 1, language: 'cpp', code };
    scope.dispatchEvent(new MessageEvent('message', { data }));
    await vi.waitFor(() => expect(responses).toHaveLength(1), 60_000);
    const lines = responses[0]?.lines ?? [];
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(new Set(line.map(([, light]) => light)).size).toBeGreaterThan(2);
    }
  });
});
