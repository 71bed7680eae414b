import { describe, expect, test } from 'vitest';
import { AppError } from '@/lib/errors';
import { AttemptFailure } from '@/lib/models/adapter/failure';
import { learnDialect, writeRequestBody } from '@/lib/models/adapter/request-body';
import { MAX_TOTAL_WAIT_MS, nextWaitMs, retryAfterMs } from '@/lib/models/adapter/retry';

describe('Retry-After is honoured', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  test.each([
    ['2', 2_000],
    ['0.5', 500],
    ['Thu, 01 Jan 2026 00:00:03 GMT', 3_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['soon', null],
    ['', null],
    [undefined, null],
  ])('%s', (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms);
  });
});

describe('another attempt is made', () => {
  const error = new AppError('endpoint_rate_limited');
  const passing = (afterMs: number | null) => new AttemptFailure(error, { afterMs });

  test('only for what passes', () => {
    expect(nextWaitMs(new AttemptFailure(error), 0, 0)).toBeNull();
    expect(nextWaitMs(passing(null), 0, 0)).toBeGreaterThan(0);
  });
  test('when the endpoint wants it, and at most twice', () => {
    expect(nextWaitMs(passing(1_500), 0, 0)).toBe(1_500);
    expect(nextWaitMs(passing(1_500), 2, 3_000)).toBeNull();
  });
  test('not when that takes longer than a person waits', () => {
    expect(nextWaitMs(passing(MAX_TOTAL_WAIT_MS + 1), 0, 0)).toBeNull();
    expect(nextWaitMs(passing(6_000), 1, 6_000)).toBeNull();
  });
});

describe('the request', () => {
  const written =
    '{"model":"endpoint-model","max_tokens":5,"messages":[{"content":",\\"max_tokens\\":"}],"stream":true}';

  test('names the real model, and asks for token counts', () => {
    const body = writeRequestBody(written, 'o"1', { askUsage: true, newTokenLimit: false });
    expect(JSON.parse(body)).toEqual({
      model: 'o"1',
      max_tokens: 5,
      messages: [{ content: ',"max_tokens":' }],
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  test('says the token limit in the newer word, and leaves what the person wrote', () => {
    const body = writeRequestBody(written, 'm', { askUsage: false, newTokenLimit: true });
    expect(JSON.parse(body)).toEqual({
      model: 'm',
      max_completion_tokens: 5,
      messages: [{ content: ',"max_tokens":' }],
      stream: true,
    });
  });

  test('is changed after a refusal that says how, once', () => {
    const dialect = { askUsage: true, newTokenLimit: false };
    const refusal = "Unsupported parameter: use 'max_completion_tokens' instead.";
    expect(learnDialect(dialect, refusal)).toEqual({ newTokenLimit: true });
    expect(learnDialect({ ...dialect, newTokenLimit: true }, refusal)).toBeNull();
    expect(learnDialect(dialect, 'unknown field stream_options')).toEqual({ askUsage: false });
    expect(learnDialect(dialect, 'no')).toBeNull();
  });
});
