import { describe, expect, test } from 'vitest';
import { AppError } from '@/lib/protocol/errors';
import { AttemptFailure } from '@/lib/server/models/adapter/failure';
import { learnDialect, writeRequestBody } from '@/lib/server/models/adapter/request-body';
import { MAX_TOTAL_DELAY_MS, retryAfterMs, retryDelayMs } from '@/lib/server/models/adapter/retry';

describe('the Retry-After header', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  test.each([
    ['2', 2_000],
    ['0.5', 500],
    ['Thu, 01 Jan 2026 00:00:03 GMT', 3_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['soon', null],
    ['', null],
    [undefined, null],
  ])('is parsed: %s', (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms);
  });
});

describe('a retry happens', () => {
  const error = new AppError('endpoint_rate_limited');
  const retryableFailure = (afterMs: number | null) => new AttemptFailure(error, { afterMs });

  test('only after transient failures', () => {
    expect(retryDelayMs(new AttemptFailure(error), 0, 0)).toBeNull();
    expect(retryDelayMs(retryableFailure(null), 0, 0)).toBeGreaterThan(0);
  });
  test('when the endpoint requests it, and at most twice', () => {
    expect(retryDelayMs(retryableFailure(1_500), 0, 0)).toBe(1_500);
    expect(retryDelayMs(retryableFailure(1_500), 2, 3_000)).toBeNull();
  });
  test('only within the time that a user waits', () => {
    expect(retryDelayMs(retryableFailure(MAX_TOTAL_DELAY_MS + 1), 0, 0)).toBeNull();
    expect(retryDelayMs(retryableFailure(6_000), 1, 6_000)).toBeNull();
  });
});

describe('the request', () => {
  const requestBody =
    '{"model":"endpoint-model","max_tokens":5,"messages":[{"content":",\\"max_tokens\\":"}],"stream":true}';

  test('has the real name of the model and asks for token counts', () => {
    const body = writeRequestBody(requestBody, 'o"1', {
      includeUsage: true,
      usesMaxCompletionTokens: false,
    });
    expect(JSON.parse(body)).toEqual({
      model: 'o"1',
      max_tokens: 5,
      messages: [{ content: ',"max_tokens":' }],
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  test('uses the newer name of the token limit and keeps the text of the user', () => {
    const body = writeRequestBody(requestBody, 'm', {
      includeUsage: false,
      usesMaxCompletionTokens: true,
    });
    expect(JSON.parse(body)).toEqual({
      model: 'm',
      max_completion_tokens: 5,
      messages: [{ content: ',"max_tokens":' }],
      stream: true,
    });
  });

  test('is changed once after a rejection that explains how', () => {
    const dialect = { includeUsage: true, usesMaxCompletionTokens: false };
    const errorText = "Unsupported parameter: use 'max_completion_tokens' instead.";
    expect(learnDialect(dialect, errorText)).toEqual({ usesMaxCompletionTokens: true });
    expect(learnDialect({ ...dialect, usesMaxCompletionTokens: true }, errorText)).toBeNull();
    expect(learnDialect(dialect, 'unknown field stream_options')).toEqual({ includeUsage: false });
    expect(learnDialect(dialect, 'no')).toBeNull();
  });
});
