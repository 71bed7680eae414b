import { APICallError, NoSuchToolError, RetryError } from 'ai';
import { describe, expect, test } from 'vitest';
import { AppError } from '@/lib/protocol/errors';
import { toAppError } from '@/lib/server/models';
import { parseErrorBody } from '@/lib/server/models/adapter/error-info';
import {
  connectionFailure,
  errorFromPayload,
  errorFromStatus,
  quote,
} from '@/lib/server/models/adapter/failure';
import { redactKeys, redactorForEndpoint } from '@/lib/server/models/adapter/redact-keys';
import { ProxyError } from '@/lib/server/outbound/tunnel-agent';
import { expectLinear } from '@/tests/support/linear-time';

describe('a status is mapped to an actionable error', () => {
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
    [307, '', 'endpoint_invalid_response'],
  ])('%i %s', (status, text, code) => {
    expect(errorFromStatus(status, text).code).toBe(code);
  });

  test.each([
    ['OpenAI', 400, "This model's maximum context length is 4096 tokens."],
    [
      'vLLM',
      400,
      'The decoder prompt (length 9000) is longer than the maximum model length of 8192.',
    ],
    ['llama.cpp', 400, 'the request exceeds the available context size (4096 tokens)'],
    ['Ollama', 400, 'prompt too long; exceeded max context length by 12 tokens'],
    [
      'LM Studio',
      400,
      'The number of tokens to keep from the initial prompt is greater than the context length',
    ],
    [
      'SGLang',
      400,
      "The input (9000 tokens) is longer than the model's context length (8192 tokens).",
    ],
    ['TGI', 422, 'Input validation error: `inputs` must have less than 4096 tokens. Given: 5000'],
    [
      'TGI',
      422,
      '`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 8740 `inputs` tokens and 500',
    ],
    [
      'TensorRT-LLM',
      500,
      'The sum of prompt length (9351.0), query length (0) should not exceed max_num_tokens (8192)',
    ],
    ['Groq', 400, 'Please reduce the length of the messages or completion.'],
    [
      'xAI',
      400,
      "This model's maximum prompt length is 131072 but the request contains 136973 tokens.",
    ],
    [
      'Gemini',
      400,
      'The input token count (1200293) exceeds the maximum number of tokens allowed (1048576).',
    ],
    ['Anthropic', 400, 'prompt is too long: 202128 tokens > 200000 maximum'],
    [
      'Anthropic',
      400,
      'input length and `max_tokens` exceed context limit: 184915 + 20000 > 204648',
    ],
    ['Bedrock', 400, 'Input is too long for requested model.'],
    ['llama-cpp-python', 500, 'Requested tokens (5000) exceed context window of 4096'],
    ['DashScope', 400, 'Range of input length should be [1, 6000]'],
    ['a code only', 400, '{"error":{"message":"Bad.","code":"context_length_exceeded"}}'],
  ])('a conversation that is too long is recognized in the error of %s', (_, status, body) => {
    expect(errorFromStatus(status, body).code).toBe('context_too_long');
  });

  test.each([
    [402, '', 'endpoint_quota_exceeded'],
    [429, '{"error":{"message":"Sorry.","code":"insufficient_quota"}}', 'endpoint_quota_exceeded'],
    [
      429,
      'You exceeded your current quota, please check your plan and billing details.',
      'endpoint_quota_exceeded',
    ],
    [403, 'Your credit balance is exhausted.', 'endpoint_quota_exceeded'],
    [403, 'Your chosen model requires moderation and your input was flagged', 'content_filtered'],
    [400, '{"error":{"code":"content_filter","message":"Filtered."}}', 'content_filtered'],
    [403, 'Your country is not supported', 'endpoint_forbidden'],
    [403, 'Invalid API key', 'endpoint_unauthorized'],
    [404, '{"detail":"Not Found"}', 'endpoint_wrong_address'],
    [404, '404 page not found', 'endpoint_wrong_address'],
    [404, 'Cannot POST /chat/completions', 'endpoint_wrong_address'],
    [404, '<html><body>nginx</body></html>', 'endpoint_wrong_address'],
    [405, 'Method Not Allowed', 'endpoint_wrong_address'],
    [404, 'The model `x` does not exist.', 'endpoint_model_missing'],
    [404, 'model "x" not found, try pulling it first', 'endpoint_model_missing'],
    [413, 'Request too large on tokens per minute (TPM): Limit 6000', 'endpoint_rate_limited'],
    [400, '`max_completion_tokens` must be less than the context_window', 'endpoint_rejected'],
    [400, 'temperature must be below 2', 'endpoint_rejected'],
  ])('%i %s is classified correctly', (status, body, code) => {
    expect(errorFromStatus(status, body).code).toBe(code);
  });
});

describe('an error in a response body', () => {
  test.each([
    ['{"error":{"message":"no"}}', 'no'],
    ['{"error":"no"}', 'no'],
    ['{"detail":"no"}', 'no'],
    ['{"detail":[{"msg":"no"}]}', 'no'],
    ['{"object":"error","message":"no","code":400}', 'no'],
    ['{"error":{"error":{"message":"no"}}}', 'no'],
    ['just words', 'just words'],
    ['<!doctype html><html>Bad gateway</html>', ''],
    [
      '{"detail":[{"loc":["body","messages",0],"msg":"field required"},{"loc":["body"],"msg":"x"}]}',
      'body.messages.0: field required; body: x',
    ],
    ['{"object":"error","message":{"detail":[{"loc":["body","n"],"msg":"no"}]}}', 'body.n: no'],
    ['{"detail":[{"loc":["body",{"toString":1},[["x"]]],"msg":"no"}]}', 'body: no'],
    ['[{"error":{"code":400,"message":"no"}}]', 'no'],
    ['{"error":{"message":"{\\"error\\":{\\"message\\":\\"no\\"}}"}}', 'no'],
    [
      '{"error":{"message":"Provider returned error","metadata":{"raw":"{\\"detail\\":\\"no\\"}"}}}',
      'no',
    ],
    ['{"base_resp":{"status_code":1008,"status_msg":"no"}}', 'no'],
    ['{"code":1210,"msg":"no"}', 'no'],
    ['{"error":{}}', ''],
  ])('is found: %s', (body, text) => {
    expect(parseErrorBody(body).text).toBe(text);
  });

  test('is ignored if it is nested 20,000 levels deep', () => {
    expect(parseErrorBody(`${'{"error":'.repeat(20_000)}"no"${'}'.repeat(20_000)}`).text).toBe('');
  });
});

describe('an error within an answer', () => {
  test('keeps the status that it names', () => {
    expect(errorFromPayload({ error: { message: 'slow down', code: 429 } }).code).toBe(
      'endpoint_rate_limited',
    );
  });
  test('is a generic failure without a status', () => {
    expect(errorFromPayload({ error: 'out of memory' })).toMatchObject({
      code: 'endpoint_failed',
      message: 'The model server failed. Its message: “out of memory”',
    });
  });
  test('about the length of the conversation is classified as such', () => {
    expect(errorFromPayload({ error: 'too many tokens' }).code).toBe('context_too_long');
  });
});

describe('the quoted message of the endpoint', () => {
  test('is on one line and truncated', () => {
    expect(quote('a\n\tb')).toBe('“a b”');
    expect(quote('x'.repeat(1_000))?.length).toBeLessThan(250);
  });
  test('has only whole characters, even if it is truncated', () => {
    expect(quote('👩‍🚀'.repeat(200))?.isWellFormed()).toBe(true);
  });
  test('has the same number of characters whether or not they are surrogate pairs', () => {
    expect(quote('😀'.repeat(300))).toBe(`“${'😀'.repeat(240)}…”`);
    expect(quote('😀'.repeat(240))).toBe(`“${'😀'.repeat(240)}”`);
    expect(quote('x'.repeat(240))).toBe(`“${'x'.repeat(240)}”`);
  });

  test('does not contain the API key of the endpoint in any form', () => {
    const redact = redactorForEndpoint({ apiKey: 'correct horse' });
    const error = errorFromPayload({ error: 'key correct horse is wrong' }, redact);
    expect(error.message).toContain('“key [key] is wrong”');
    expect(String(error.cause)).not.toContain('horse');
  });

  test('contains no keys, addresses or stack traces', () => {
    expect(quote('bad sk-1234567890abcdef')).toBe('“bad [key]”');
    expect(quote('bad 9f8e7d6c5b4a39281706f5e4d3c2b1a0')).toBe('“bad [key]”');
    expect(quote('bad gsk_Ab12Cd34Ef56, AIzaSyA1234567890abcdefghij')).toBe('“bad [key], [key]”');
    expect(quote('no Meta-Llama-3.1-70B-Instruct-AWQ-INT4')).toContain(
      'Llama-3.1-70B-Instruct-AWQ',
    );
    expect(quote('bad key-a1b2c3d4, token_abcdef1, api-xyz_1234')).toBe(
      '“bad [key], [key], [key]”',
    );
    expect(quote('bad prod_9f8e7d6c5b4a39281706f5e4')).toBe('“bad [key]”');
    expect(quote('at http://10.0.0.1:8000/v1 now')).toBe('“at [address] now”');
    expect(quote('Traceback (most recent call last):')).toBeUndefined();
    expect(quote(' ')).toBeUndefined();
  });

  test.each([
    'Unknown parameter: api_version',
    'key_not_found: token_embeddings, api_base_url',
    'no model Llama_3_1_8B_Instruct_GGUF',
  ])('keeps names that resemble a key: %s', (message) => {
    expect(quote(message)).toBe(`“${message}”`);
  });
});

describe('a failed connection', () => {
  const withCode = (code: string) => Object.assign(new Error(code), { code });
  test.each([
    ['ECONNREFUSED', 'endpoint_unreachable', true],
    ['ENOTFOUND', 'endpoint_unreachable', false],
    ['EAI_AGAIN', 'endpoint_unreachable', true],
    ['ECONNRESET', 'endpoint_disconnected', true],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'endpoint_unreachable', false],
    ['HPE_INVALID_CONSTANT', 'endpoint_invalid_response', false],
  ])('is classified by its code: %s', (code, expected, isRetryable) => {
    const { appError, retry } = connectionFailure(withCode(code));
    expect(appError.code).toBe(expected);
    expect(retry !== null).toBe(isRetryable);
  });
});

test.each([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'Set SSL_CERT_FILE'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'Set SSL_CERT_FILE'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'Set SSL_CERT_FILE'],
  ['CERT_HAS_EXPIRED', 'has expired'],
  ['CERT_NOT_YET_VALID', 'clock'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'for another host name'],
  ['CERT_REVOKED', 'isn’t trusted'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'http://'],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'TLS version'],
  ['ERR_TLS_HANDSHAKE_TIMEOUT', 'handshake'],
])('certificate errors are distinguished: %s', (code, expectedText) => {
  const { appError } = connectionFailure(Object.assign(new Error(code), { code }));
  expect(appError.code).toBe('endpoint_unreachable');
  expect(appError.message).toContain(expectedText);
});

test.each([
  ['ssl3_get_record:wrong version number', 'http://'],
  ['tls_get_more_records:packet length too long', 'http://'],
  ['ssl3_read_bytes:sslv3 alert handshake failure', 'handshake'],
  ['ssl3_read_bytes:tlsv1 alert protocol version', 'TLS version'],
  ['ssl3_read_bytes:tlsv13 alert certificate required', 'client certificate'],
])('failures of the TLS handshake with the code EPROTO are distinguished: %s', (reason, text) => {
  const message = `write EPROTO 80DC8A6B:error:0A00010B:SSL routines:${reason}:record.c:350:\n`;
  const { appError } = connectionFailure(Object.assign(new Error(message), { code: 'EPROTO' }));
  expect(appError.code).toBe('endpoint_unreachable');
  expect(appError.message).toContain(text);
});

test.each([
  [null, 'HTTPS_PROXY'],
  [407, 'http://user:password@'],
  [403, 'NO_PROXY'],
])('a failing proxy (%s) is not reported as the endpoint', (status, expectedText) => {
  expect(connectionFailure(new ProxyError(status)).appError.message).toContain(expectedText);
});

describe('the AppError is found in anything that the AI SDK throws', () => {
  const disconnectError = new AppError('endpoint_disconnected');
  const call = (fields: object) =>
    new APICallError({ message: 'm', url: 'u', requestBodyValues: {}, ...fields });

  test.each([
    ['itself', disconnectError, 'endpoint_disconnected'],
    [
      'as a cause',
      new Error('x', { cause: new Error('y', { cause: disconnectError }) }),
      'endpoint_disconnected',
    ],
    ['in a failed call', call({ cause: disconnectError }), 'endpoint_disconnected'],
    [
      'in retries',
      new RetryError({
        message: 'm',
        reason: 'maxRetriesExceeded',
        errors: [call({ cause: disconnectError })],
      }),
      'endpoint_disconnected',
    ],
    ['by its status', call({ statusCode: 401 }), 'endpoint_unauthorized'],
    ['as an invalid response', call({ statusCode: 200 }), 'endpoint_invalid_response'],
    ['as a missing tool', new NoSuchToolError({ toolName: 'x' }), 'endpoint_invalid_response'],
    ['as a timeout of the caller', new DOMException('', 'TimeoutError'), 'endpoint_timeout'],
    ['as anything else', new Error('x'), 'internal'],
    ['as a value that is not an error', 'x', 'internal'],
  ])('%s', (_, error, code) => {
    expect(toAppError(error).code).toBe(code);
  });
});

test.each(['eyJ-', 'key-', 'a1_', 'a1-', 'a1'])(
  'text that resembles many keys is redacted in linear time: %s',
  (part) => {
    expectLinear((size) => {
      const text = part.repeat(size);
      return () => redactKeys(text);
    }, 500);
  },
);

test('a JSON Web Token is redacted at any position', () => {
  const token = 'eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl';
  for (const around of [
    ['', ''],
    ['(', ')'],
    ['token: ', ', no'],
    ['a-', ' b'],
    ['x.', ''],
    ['eyJ-', ''],
  ]) {
    expect(redactKeys(around.join(token))).not.toContain('eyJhbGci');
  }
});
