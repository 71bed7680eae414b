import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWorkerClient } from '@/lib/client/browser/worker-client';
import type { HighlightResponse } from '@/lib/client/markdown/highlight.worker';

type Request = { id: number; text: string };

/** Answers at once; never to "hang", nor to what is behind that; to "slow" only after a minute. */
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
    const answer = () => {
      if (!this.terminated) this.dispatchEvent(new MessageEvent('message', { data: { id, text } }));
    };
    if (text === 'slow') setTimeout(answer, 60_000);
    else queueMicrotask(answer);
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
    const ask = start();
    const hanging = expect(ask({ text: 'hang' })).rejects.toThrow('took too long');
    const other = ask({ text: 'other' });
    await vi.advanceTimersByTimeAsync(19_000);
    expect(FakeWorker.started).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(FakeWorker.started.map(({ terminated }) => terminated)).toEqual([true, false]);
    expect(await other).toMatchObject({ text: 'other' });
    await vi.advanceTimersByTimeAsync(90_000);
    await hanging;
    expect(FakeWorker.started.at(-1)?.terminated).toBe(true);
    // What comes later is not held up by what never ended.
    expect(await ask({ text: 'later' })).toMatchObject({ text: 'later' });
  });

  it('is answered late on a slow device', async () => {
    const ask = start();
    const slow = ask({ text: 'slow' });
    await vi.advanceTimersByTimeAsync(80_000);
    expect(await slow).toMatchObject({ text: 'slow' });
  });
});

describe('the highlighting worker', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  it('highlights every line, however long its grammar takes to compile', async () => {
    const answers: HighlightResponse[] = [];
    const scope = Object.assign(new EventTarget(), {
      postMessage: (answer: HighlightResponse) => answers.push(answer),
    });
    vi.stubGlobal('self', scope);
    await import('@/lib/client/markdown/highlight.worker');
    // Each look at the clock finds that many seconds have passed.
    let now = 0;
    vi.spyOn(Date, 'now').mockImplementation(() => (now += 30_000));
    const code = 'template<typename T> int f(const T& x) { return x + 1; }\nint a = 2; // b';
    const data = { id: 1, language: 'cpp', code };
    scope.dispatchEvent(new MessageEvent('message', { data }));
    await vi.waitFor(() => expect(answers).toHaveLength(1), 60_000);
    const lines = answers[0]?.lines ?? [];
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(new Set(line.map(([, light]) => light)).size).toBeGreaterThan(2);
    }
  });
});
