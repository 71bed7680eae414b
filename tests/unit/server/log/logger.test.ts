import { APICallError, InvalidToolArgumentsError, JSONParseError } from 'ai';
import { DrizzleQueryError } from 'drizzle-orm/errors';
import pino from 'pino';
import postgres from 'postgres';
import { expect, test, vi } from 'vitest';
import { parseConfig } from '@/lib/server/config/parse-config';
import { describeError } from '@/lib/server/log/describe-error';
import { LOGGER_OPTIONS, logger } from '@/lib/server/log/logger';
import { redirectConsole } from '@/lib/server/log/redirect-console';
import { configSecrets, registerSecrets } from '@/lib/server/log/secrets';

const PRIVATE = 'what a user wrote';

/** Returns the lines that `act` logs with the options of the app's logger. */
function captureLog(act: (log: pino.Logger) => void): string {
  const lines: string[] = [];
  act(pino({ ...LOGGER_OPTIONS, level: 'debug' }, { write: (line) => void lines.push(line) }));
  return lines.join('');
}

function postgresError(fields: Record<string, string>): Error {
  const error = Object.assign(new postgres.PostgresError('rejected'), fields);
  return Object.assign(error, { parameters: [PRIVATE], args: [PRIVATE] });
}

const ERRORS: Array<[what: string, error: Error, expectedText: string]> = [
  [
    'a failed query',
    new DrizzleQueryError(
      'insert into "message" values ($1)',
      [PRIVATE],
      postgresError({
        code: '23505',
        constraint_name: 'message_pkey',
        detail: `Key (id)=(${PRIVATE}) exists.`,
      }),
    ),
    'insert into \\"message\\" values ($1)',
  ],
  [
    'data that the database rejects',
    postgresError({
      message: `invalid input syntax for type uuid: "${PRIVATE}"`,
      code: '22P02',
      where: `unnamed portal parameter $1 = '${PRIVATE}'`,
    }),
    'invalid input syntax for type uuid',
  ],
  [
    'a constraint violation',
    postgresError({
      code: '23514',
      table_name: 'document',
      detail: `Failing row contains (${PRIVATE}).`,
    }),
    '"table_name":"document"',
  ],
  [
    'a request to a model',
    new APICallError({
      message: 'Bad request',
      url: 'http://models/v1',
      requestBodyValues: { prompt: PRIVATE },
      responseBody: PRIVATE,
      statusCode: 400,
    }),
    '"statusCode":400',
  ],
  [
    'text that is not JSON',
    new JSONParseError({ text: PRIVATE, cause: new Error('Unexpected token') }),
    'Unexpected token',
  ],
  [
    'the arguments of a tool',
    new InvalidToolArgumentsError({
      toolName: 'createDocument',
      toolArgs: PRIVATE,
      cause: new JSONParseError({ text: `${PRIVATE}.\n${PRIVATE}`, cause: new Error('it ended') }),
    }),
    'createDocument',
  ],
];

test.each(ERRORS)(
  '%s is logged without its values, also as a cause',
  (_what, error, expectedText) => {
    const wrapped = new AggregateError([new Error('outer', { cause: error })], '');
    for (const err of [error, wrapped]) {
      const line = captureLog((log) => log.error({ err }, 'It failed'));
      expect(line).toContain(expectedText);
      expect(line).toMatch(/at .*logger\.test\.ts/);
      expect(line).not.toContain(PRIVATE);
    }
  },
);

test('a long message is truncated, and a thrown value that is not an error is logged by its type', () => {
  expect(describeError(new Error('x'.repeat(100_000))).message.length).toBeLessThan(600);
  expect(describeError({ parameters: [PRIVATE] }).message).toBe('not an error: object');
  const circular = new Error('a');
  circular.cause = new Error('b', { cause: circular });
  expect(describeError(circular).message).toBe('a: b');
});

test('configured secrets appear in no line, in any encoding', () => {
  const secrets = [
    'p@ss/"word',
    'redis secret',
    'sk-model-key',
    'a-session-secret-of-32-characters',
    'proxy:secret',
  ];
  const [database = '', redis = '', key = '', session = '', proxy = ''] = secrets;
  registerSecrets(
    configSecrets(
      parseConfig({
        POSTGRES_URL: `postgres://u:${encodeURIComponent(database)}@h/d`,
        REDIS_URL: `redis://:${encodeURIComponent(redis)}@h`,
        OPENAI_BASE_URL: 'http://models',
        OPENAI_API_KEY: key,
        AUTH_SECRET: session,
        HTTPS_PROXY: `http://u:${encodeURIComponent(proxy)}@proxy:1`,
      }),
    ),
  );
  const line = captureLog((log) => {
    for (const secret of secrets) {
      log.warn(
        { err: new Error(`rejected: ${secret}`), url: `x://u:${encodeURIComponent(secret)}@h` },
        secret,
      );
    }
  });
  const lines = line.trimEnd().split('\n');
  expect(lines.map((one) => JSON.parse(one).msg)).toEqual(secrets.map(() => '[key]'));
  for (const secret of secrets) {
    for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) {
      expect(line).not.toContain(form);
    }
  }
});

test('errors printed by console.error are logged in the same way', () => {
  const { error: printError, warn: printWarning } = console;
  const error = vi.spyOn(logger, 'error').mockReturnValue();
  redirectConsole();
  const failed = new DrizzleQueryError('select $1', [PRIVATE]);
  console.error('\u001b[31m⨯\u001b[39m', failed, { parameters: [PRIVATE] });
  Object.assign(console, { error: printError, warn: printWarning });
  expect(error.mock.calls).toEqual([[{ err: failed }, '⨯']]);
});
