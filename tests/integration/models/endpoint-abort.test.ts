import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ModelServer, startModelServer } from '@/tests/support/model-server';
import { collect, settingsFor } from './collect';

let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer();
});
afterAll(() => server.stop());

/** Aborts an answer `afterMs` in; gives how long the endpoint's connection lived on. */
async function closedAfterMs(scenario: string, afterMs: number): Promise<number> {
  server.reset();
  const stop = new AbortController();
  let stoppedAt = 0;
  setTimeout(() => {
    stoppedAt = Date.now();
    stop.abort();
  }, afterMs);
  const prompt = `[[scenario:${scenario}]]`;
  await collect(settingsFor(server), prompt, { signal: stop.signal });
  await expect.poll(() => server.requests.at(-1)?.endedAt).toBeTruthy();
  const last = server.requests.at(-1);
  expect(last?.endedBy).toBe('client');
  return (last?.endedAt ?? 0) - stoppedAt;
}

describe('stopping closes the connection to the model at once', () => {
  test.each([
    ['in the middle of an answer', 'tokens n=500 rate=50'],
    ['before the headers', 'hang at=headers'],
    ['before the first token', 'hang at=first-token'],
  ])('%s', async (_, scenario) => {
    expect(await closedAfterMs(scenario, 150)).toBeLessThan(50);
  });

  test('and ends the wait for another attempt', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 100);
    const startedAt = Date.now();
    const prompt = '[[scenario:status code=429 retry-after=5]]';
    await collect(settingsFor(server), prompt, { signal: stop.signal });
    expect(Date.now() - startedAt).toBeLessThan(1_000);
  });

  test('and what had arrived before is there', async () => {
    const stop = new AbortController();
    let text = '';
    await collect(settingsFor(server), '[[scenario:tokens n=500 rate=100]]', {
      signal: stop.signal,
      onPart(part) {
        if (part.type === 'text-delta') text += (part as { textDelta?: string }).textDelta;
        if (text.length > 40) stop.abort();
      },
    });
    expect(text).toMatch(/^t0 t1 t2 /);
  });
});
