import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ModelServer, startModelServer } from '@/tests/support/model-server';
import { collectStream, settingsFor } from './collect-stream';

let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer();
});
afterAll(() => server.stop());

describe('stopping', () => {
  test.each([
    ['during an answer', 'tokens n=500 hold=5'],
    ['before the headers', 'hang at=headers'],
    ['before the first token', 'hang at=first-token'],
  ])('aborts the request to the model %s', async (_, scenario) => {
    server.reset();
    const stop = new AbortController();
    const answer = collectStream(settingsFor(server), `[[scenario:${scenario}]]`, {
      signal: stop.signal,
    });
    await expect.poll(() => server.activeAnswers()).toBe(1);
    stop.abort();
    await answer;
    await expect.poll(() => server.requests.at(-1)?.endedBy).toBe('client');
  });

  test('cancels the wait before another attempt', async () => {
    const stop = new AbortController();
    server.reset();
    const prompt = '[[scenario:status code=429 retry-after=5]]';
    const answer = collectStream(settingsFor(server), prompt, { signal: stop.signal });
    await expect.poll(() => server.requests.at(-1)?.endedBy).toBe('server');
    // Until the client has read the response and waits.
    await sleep(100);
    stop.abort();
    await answer;
    expect(server.requests).toHaveLength(1);
  });

  test('keeps the text that had arrived', async () => {
    const stop = new AbortController();
    let text = '';
    await collectStream(settingsFor(server), '[[scenario:tokens n=500 rate=100]]', {
      signal: stop.signal,
      onPart(part) {
        if (part.type === 'text-delta') text += (part as { textDelta?: string }).textDelta;
        if (text.length > 40) stop.abort();
      },
    });
    expect(text).toMatch(/^t0 t1 t2 /);
  });
});
