import { DrizzleQueryError } from 'drizzle-orm/errors';
import { describe, expect, test } from 'vitest';
import { connect, isConnectionError } from '@/lib/db/client';
import { AppError } from '@/lib/errors';

const refused = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

describe('an outage is the database’s only where the database’s driver reports it', () => {
  test('a query that cannot connect is one, also within the ORM’s error', async () => {
    const sql = connect('postgres://x@127.0.0.1:9/x', 1);
    const error = await sql`select 1`.catch((reason: unknown) => reason);
    expect(isConnectionError(error)).toBe(true);
    expect(isConnectionError(new DrizzleQueryError('select 1', [], error as Error))).toBe(true);
    await sql.end({ timeout: 0 });
  });

  test.each([
    ['a socket of anything else', refused()],
    ['a model endpoint', new AppError('endpoint_unreachable', { cause: refused() })],
    ['an error around it', new Error('x', { cause: refused() })],
    ['no error', 'ECONNREFUSED'],
  ])('%s is none', (_, error) => {
    expect(isConnectionError(error)).toBe(false);
  });

  test('what was already named the database’s outage stays one', () => {
    expect(isConnectionError(new AppError('database_unavailable'))).toBe(true);
  });
});
