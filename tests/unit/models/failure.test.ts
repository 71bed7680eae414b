import { APICallError, NoSuchToolError, RetryError } from 'ai';
import { describe, expect, test } from 'vitest';
import { AppError } from '@/lib/errors';
import { toAppError } from '@/lib/models';
import {
  errorFromAnswer,
  errorFromStatus,
  failureOfConnection,
  isAboutTools,
  quote,
  readErrorBody,
} from '@/lib/models/adapter/failure';

describe('a status becomes what a person can act on', () => {
  test.each([
    [401, '', 'endpoint_unauthorized'],
    [403, '', 'endpoint_unauthorized'],
    [404, '', 'endpoint_model_missing'],
    [408, '', 'endpoint_timeout'],
    [413, '', 'context_too_long'],
    [429, '', 'endpoint_rate_limited'],
    [400, 'bad field', 'endpoint_rejected'],
    [422, 'bad field', 'endpoint_rejected'],
    [400, "This model's maximum context length is 4096 tokens.", 'context_too_long'],
    [400, 'the request exceeds the available context size', 'context_too_long'],
    [500, '', 'endpoint_failed'],
    [503, '', 'endpoint_failed'],
    [307, '', 'endpoint_bad_answer'],
  ])('%i %s', (status, text, code) => {
    expect(errorFromStatus(status, text).code).toBe(code);
  });
});

describe('an error in a body is read', () => {
  test.each([
    ['{"error":{"message":"no"}}', 'no'],
    ['{"error":"no"}', 'no'],
    ['{"detail":"no"}', 'no'],
    ['{"detail":[{"msg":"no"}]}', 'no'],
    ['{"object":"error","message":"no","code":400}', 'no'],
    ['{"error":{"error":{"message":"no"}}}', 'no'],
    ['just words', 'just words'],
    ['<!doctype html><html>Bad gateway</html>', ''],
  ])('%s', (body, text) => {
    expect(readErrorBody(body)).toBe(text);
  });
});

describe('an error within an answer', () => {
  test('keeps the status that it names', () => {
    expect(errorFromAnswer({ error: { message: 'slow down', code: 429 } }).code).toBe(
      'endpoint_rate_limited',
    );
  });
  test('is a failure otherwise', () => {
    expect(errorFromAnswer({ error: 'out of memory' })).toMatchObject({
      code: 'endpoint_failed',
      message: 'The model endpoint failed. It said: “out of memory”',
    });
  });
  test('about the length of the conversation says so', () => {
    expect(errorFromAnswer({ error: 'too many tokens' }).code).toBe('context_too_long');
  });
});

describe('the endpoint’s words are shown', () => {
  test('on one line, and shortened', () => {
    expect(quote('a\n\tb')).toBe('“a b”');
    expect(quote('x'.repeat(1_000))?.length).toBeLessThan(250);
  });
  test('without keys, addresses or stack traces', () => {
    expect(quote('bad sk-1234567890abcdef')).toBe('“bad [key]”');
    expect(quote('at http://10.0.0.1:8000/v1 now')).toBe('“at [address] now”');
    expect(quote('Traceback (most recent call last):')).toBeUndefined();
    expect(quote(' ')).toBeUndefined();
  });
});

describe('a failed connection', () => {
  const withCode = (code: string) => Object.assign(new Error(code), { code });
  test.each([
    ['ECONNREFUSED', 'endpoint_unreachable', true],
    ['ENOTFOUND', 'endpoint_unreachable', false],
    ['EAI_AGAIN', 'endpoint_unreachable', true],
    ['ECONNRESET', 'endpoint_cut', true],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'endpoint_unreachable', false],
    ['HPE_INVALID_CONSTANT', 'endpoint_bad_answer', false],
  ])('%s', (code, expected, again) => {
    const { appError, retry } = failureOfConnection(withCode(code));
    expect(appError.code).toBe(expected);
    expect(retry !== null).toBe(again);
  });
});

test('a refusal of tools is told from other refusals', () => {
  expect(isAboutTools(errorFromStatus(400, '"auto" tool choice requires --x'))).toBe(true);
  expect(isAboutTools(errorFromStatus(400, 'model does not support tools'))).toBe(true);
  expect(isAboutTools(errorFromStatus(400, 'temperature too high'))).toBe(false);
  expect(isAboutTools(errorFromStatus(500, 'tools'))).toBe(false);
});

describe('whatever the AI SDK throws, the AppError in it is found', () => {
  const cut = new AppError('endpoint_cut');
  const call = (fields: object) =>
    new APICallError({ message: 'm', url: 'u', requestBodyValues: {}, ...fields });

  test.each([
    ['itself', cut, 'endpoint_cut'],
    ['as a cause', new Error('x', { cause: new Error('y', { cause: cut }) }), 'endpoint_cut'],
    ['in a failed call', call({ cause: cut }), 'endpoint_cut'],
    [
      'in retries',
      new RetryError({
        message: 'm',
        reason: 'maxRetriesExceeded',
        errors: [call({ cause: cut })],
      }),
      'endpoint_cut',
    ],
    ['by its status', call({ statusCode: 401 }), 'endpoint_unauthorized'],
    ['as an answer that is not understood', call({ statusCode: 200 }), 'endpoint_bad_answer'],
    [
      'as a tool that does not exist',
      new NoSuchToolError({ toolName: 'x' }),
      'endpoint_bad_answer',
    ],
    ['as a time limit of the caller', new DOMException('', 'TimeoutError'), 'endpoint_timeout'],
    ['as anything else', new Error('x'), 'internal'],
    ['as no error at all', 'x', 'internal'],
  ])('%s', (_, error, code) => {
    expect(toAppError(error).code).toBe(code);
  });
});
