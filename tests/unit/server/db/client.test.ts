import { DrizzleQueryError } from 'drizzle-orm/errors';
import { describe, expect, test } from 'vitest';
import { AppError } from '@/lib/protocol/errors';
import { connect, isConnectionError } from '@/lib/server/db/client';

const connectionRefused = () =>
  Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

describe('a database outage is reported only for errors of the database driver', () => {
  test('including a failed connection wrapped by the ORM', async () => {
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
  ])('but not for %s', (_, error) => {
    expect(isConnectionError(error)).toBe(false);
  });

  test('and an error that was already classified stays so', () => {
    expect(isConnectionError(new AppError('database_unavailable'))).toBe(true);
  });
});
