import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { drizzle } from 'drizzle-orm/postgres-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadSigningSecret } from '@/lib/server/account/signing-secret';
import { connect } from '@/lib/server/db/client';
import * as schema from '@/lib/server/db/schema';
import { setting } from '@/lib/server/db/schema';
import { freshDatabase } from '@/tests/support/services';

let database: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(async () => {
  await database.drop();
});

/** Loads the secret in another process that starts like the app. */
async function secretOfAnotherProcess(): Promise<string> {
  const program = `
    import { loadSigningSecret } from '@/lib/server/account/signing-secret';
    import { db, sql } from '@/lib/server/db/client';
    loadSigningSecret(db()).then(async (secret) => {
      process.stdout.write(secret);
      await sql().end();
    });`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '-e', program],
    {
      env: { ...process.env, POSTGRES_URL: database.url },
    },
  );
  return stdout;
}

async function secretOfAnotherPool(): Promise<string> {
  const pool = connect(database.url, 1);
  try {
    return await loadSigningSecret(drizzle(pool, { schema }));
  } finally {
    await pool.end();
  }
}

describe('the signing secret', () => {
  it('is the same for processes that start at the same moment', async () => {
    const secrets = await Promise.all([secretOfAnotherProcess(), secretOfAnotherProcess()]);
    expect(secrets[0]).toMatch(/^[\w-]{43}$/);
    expect(secrets[1]).toBe(secrets[0]);
  });

  it('is created once by concurrent requests', async () => {
    const pool = connect(database.url, 1);
    await drizzle(pool, { schema }).delete(setting);
    await pool.end();
    const secrets = await Promise.all(Array.from({ length: 12 }, secretOfAnotherPool));
    expect(new Set(secrets).size).toBe(1);
  });

  it('is the same after a restart', async () => {
    expect(await secretOfAnotherProcess()).toBe(await secretOfAnotherPool());
  });
});
