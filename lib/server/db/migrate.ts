import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator';
import type { Config } from '@/lib/server/config/types';
import { checkPooling } from '@/lib/server/db/check-pooling';
import { connect, isConnectionError } from '@/lib/server/db/client';

/** An arbitrary constant; every version of the app must use the same one. */
const MIGRATION_LOCK = 7_318_002_511;

/**
 * Migrates the database to the schema of this version. A session-level advisory lock serializes
 * processes that start at the same time; Postgres frees it if the process dies.
 *
 * @param folder of the migrations; the server's working directory contains `drizzle/`
 * @param timeoutMs how long to retry while the database is unreachable
 * @throws the last error of postgres.js after the timeout; ConfigError if the addresses are
 *   unusable
 */
export async function migrate(
  database: Config['database'],
  { folder = path.join(process.cwd(), 'drizzle'), timeoutMs = 60_000 } = {},
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
