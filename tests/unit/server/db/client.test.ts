import { DrizzleQueryError } from 'drizzle-orm/errors';
import { describe, expect, test } from 'vitest';
import { AppError } from '@/lib/protocol/errors';
import { connect, isConnectionError } from '@/lib/server/db/client';

const connectionRefused = () =>
  Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

describe('a database outage', () => {
  test('is recognized in an error of the database driver, even if the ORM wraps it', async () => {
    const sql = connect('postgres://x@127.0.0.1:9/x', 1);
    const error = await sql`select 1`.catch((reason: unknown) => reason);
    expect(isConnectionError(error)).toBe(true);
    expect(isConnectionError(new DrizzleQueryError('select 1', [], error as Error))).toBe(true);
    await sql.end({ timeout: 0 });
  });

  test.each([
    ['another socket', connectionRefused()],
    ['a model endpoint', new AppError('endpoint_unreachable', { cause: connectionRefused() })],
    ['an error that wraps it', new Error('x', { cause: connectionRefused() })],
    ['no error', 'ECONNREFUSED'],
  ])('is not recognized in other errors: %s', (_, error) => {
    expect(isConnectionError(error)).toBe(false);
  });

  test('is recognized in an error that was already classified as one', () => {
    expect(isConnectionError(new AppError('database_unavailable'))).toBe(true);
  });
});
