import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '@/lib/server/config/parse-config';
import { checkPooling } from '@/lib/server/db/check-pooling';
import { sql } from '@/lib/server/db/client';
import { createCleanups } from '@/tests/support/cleanups';
import { freshDatabase } from '@/tests/support/services';
import { startTransactionPooler, type TransactionPooler } from '@/tests/support/transaction-pooler';

/** Fewer connections to the server than the app has to the pooler, so that clients share them. */
const BACKENDS = 3;

let direct: string;
let pooler: TransactionPooler;
let single: TransactionPooler;
const cleanups = createCleanups();
beforeAll(async () => {
  const database = await freshDatabase();
  direct = database.url;
  pooler = await startTransactionPooler(direct, BACKENDS);
  single = await startTransactionPooler(direct, 1);
  cleanups.add(database.drop, pooler.stop, single.stop);
  process.env.POSTGRES_URL = pooler.url;
  process.env.POSTGRES_DIRECT_URL = direct;
});
afterAll(async () => {
  await sql().end({ timeout: 5 });
  await cleanups.run();
});

const checkMessage = async (env: Record<string, string>): Promise<string> =>
  checkPooling(parseConfig(env).database).then(
    () => 'no problem',
    (error) => error.message,
  );

describe('a pooler in transaction mode', () => {
  it('is detected at startup, for any number of connections', async () => {
    for (const { url } of [pooler, single]) {
      expect(await checkMessage({ POSTGRES_URL: url })).toContain(
        'POSTGRES_DIRECT_URL is not set, and POSTGRES_URL is the address of a pooler in transaction mode',
      );
    }
  });

  it('is detected while other clients use it', async () => {
    let isStopped = false;
    const busy = Array.from({ length: 4 }, async () => {
      while (!isStopped) await sql()`select ${Math.random()}::float8 as n`;
    });
    const problems: string[] = [];
    for (let time = 0; time < 2; time++)
      problems.push(await checkMessage({ POSTGRES_URL: pooler.url }));
    isStopped = true;
    await Promise.all(busy);
    for (const problem of problems) expect(problem).toContain('POSTGRES_DIRECT_URL is not set');
  });

  it('is accepted only with a direct address of the same database', async () => {
    const POSTGRES_URL = pooler.url;
    expect(await checkMessage({ POSTGRES_URL, POSTGRES_DIRECT_URL: direct })).toBe('no problem');
    expect(await checkMessage({ POSTGRES_URL, POSTGRES_DIRECT_URL: single.url })).toContain(
      'POSTGRES_DIRECT_URL is the address of a pooler in transaction mode',
    );
    const other = new URL(direct);
    other.pathname = '/postgres';
    expect(await checkMessage({ POSTGRES_URL, POSTGRES_DIRECT_URL: other.href })).toContain(
      'POSTGRES_DIRECT_URL and POSTGRES_URL are addresses of different databases',
    );
  });

  it('is not detected at a direct address', async () => {
    expect(await checkMessage({ POSTGRES_URL: direct })).toBe('no problem');
  });
});

describe('the database pool behind a pooler', () => {
  it('returns the right rows to each of many concurrent queries, in and out of transactions', async () => {
    const runQueries = async (n: number): Promise<void> => {
      const [one] = await sql()`select ${n}::int as n, 'a' as kind`;
      const [two] = await sql()`select ${String(n)}::text as n, 'b' as kind`;
      const [constantRow] = await sql()`select 'c' as kind`;
      expect([one, two, constantRow]).toEqual([
        { n, kind: 'a' },
        { n: String(n), kind: 'b' },
        { kind: 'c' },
      ]);
      const rows = await sql().begin(async (transaction) => [
        ...(await transaction`select pg_backend_pid() as backend, ${n}::int as n`),
        ...(await transaction`select pg_backend_pid() as backend, ${n}::int as n`),
      ]);
      expect(rows[0]).toEqual(rows[1]);
      expect(rows[0]?.n).toBe(n);
    };
    await Promise.all(Array.from({ length: 150 }, (_, n) => runQueries(n)));
    expect(pooler.backends()).toBe(BACKENDS);
  });
});
