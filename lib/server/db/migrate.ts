import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator';
import type { Config } from '@/lib/server/config/types';
import { checkPooling } from '@/lib/server/db/check-pooling';
import { connect, isConnectionError, isLockError } from '@/lib/server/db/client';
import { type Backoff, backoffMs } from '@/lib/shared/backoff';

/** An arbitrary constant; every version of the app must use the same one. */
const MIGRATION_LOCK = 7_318_002_511;

/**
 * How long a migration waits for the lock of a table, and afterwards until it is tried again. While
 * it waits, all other queries of that table wait as well.
 *
 * The first timeout is shorter than Postgres's `deadlock_timeout` (1 s), so that in a deadlock the
 * migration is canceled and not the other process's write. The later ones are longer, so that
 * Postgres cancels an autovacuum that holds the lock.
 */
const LOCK_BACKOFF: Backoff = { initialMs: 500, maxMs: 4_000 };

/** The tables stayed locked, so the migration was rolled back. The message says what to do. */
export class MigrationBlockedError extends Error {
  override name = 'MigrationBlockedError';

  constructor(cause: unknown) {
    super(
      'The database could not be migrated, because other connections keep its tables locked. Nothing was changed. Stop all processes of the earlier version of Throughline and whatever else uses the database, such as a backup, then start again.',
      { cause },
    );
  }
}

/**
 * Migrates the database to the schema of this version. A session-level advisory lock serializes
 * processes that start at the same time; Postgres frees it if the process dies.
 *
 * @param folder of the migrations; the server's working directory contains `drizzle/`
 * @param timeoutMs how long to retry while the database is unreachable
 * @param lockAttempts how often to try while tables are locked; six take 27 s
 * @throws the last error of postgres.js after the timeout; MigrationBlockedError after the
 *   attempts; ConfigError if the addresses are unusable
 */
export async function migrate(
  database: Config['database'],
  { folder = path.join(process.cwd(), 'drizzle'), timeoutMs = 60_000, lockAttempts = 6 } = {},
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  let blockedAttempts = 0;
  for (;;) {
    const lockTimeoutMs = backoffMs(blockedAttempts, LOCK_BACKOFF);
    try {
      await checkPooling(database);
      return await migrateOnce(database.sessionUrl, folder, lockTimeoutMs);
    } catch (error) {
      if (isLockError(error)) {
        blockedAttempts += 1;
        if (blockedAttempts >= lockAttempts) throw new MigrationBlockedError(error);
        await sleep(lockTimeoutMs);
      } else if (isConnectionError(error) && Date.now() <= deadline) await sleep(500);
      else throw error;
    }
  }
}

async function migrateOnce(url: string, folder: string, lockTimeoutMs: number): Promise<void> {
  const connection = connect(url, 1);
  try {
    await connection`select pg_advisory_lock(${MIGRATION_LOCK})`;
    // Not before: another process's migration may take longer.
    await connection`select set_config('lock_timeout', ${`${lockTimeoutMs}ms`}, false)`;
    await applyMigrations(drizzle(connection), { migrationsFolder: folder });
  } finally {
    await connection.end({ timeout: 5 });
  }
}
