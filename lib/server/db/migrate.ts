import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator';
import type { Config } from '@/lib/server/config/types';
import { checkPooling } from '@/lib/server/db/check-pooling';
import { connect, isConnectionError } from '@/lib/server/db/client';

/** Any constant will do, as long as every version of the app uses the same. */
const MIGRATION_LOCK = 7_318_002_511;

/**
 * Brings the database to this version's schema. Processes that start together take turns: a
 * session-level advisory lock is held meanwhile, and Postgres frees it if the process dies.
 *
 * @param folder of the migrations; the server runs in the folder that holds `drizzle/`
 * @param patienceMs how long to wait for a database that is not up yet
 * @throws the last error of postgres.js after that; ConfigError where the addresses cannot be used
 */
export async function migrate(
  database: Config['database'],
  { folder = path.join(process.cwd(), 'drizzle'), patienceMs: timeoutMs = 60_000 } = {},
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      await checkPooling(database);
      return await migrateOnce(database.sessionUrl, folder);
    } catch (error) {
      if (!isConnectionError(error) || Date.now() > deadline) throw error;
      await sleep(500);
    }
  }
}

async function migrateOnce(url: string, folder: string): Promise<void> {
  const connection = connect(url, 1);
  try {
    await connection`select pg_advisory_lock(${MIGRATION_LOCK})`;
    await applyMigrations(drizzle(connection), { migrationsFolder: folder });
  } finally {
    await connection.end({ timeout: 5 });
  }
}
