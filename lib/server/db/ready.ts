import { AppError } from '@/lib/protocol/errors';
import { processSingleton } from '@/lib/server/runtime/process-singleton';
import { withTimeout } from '@/lib/shared/with-timeout';

/** Needed because heartbeats, which detect a stalled database, start later (runs/presence). */
const READY_TIMEOUT_MS = 6_000;

const state = processSingleton('databaseReady', () => ({
  ready: Promise.resolve() as Promise<unknown>,
  isReady: true,
}));

/** Registers the preparation of the database, which `waitForDatabase` awaits. */
export function trackDatabasePreparation(preparation: Promise<unknown>): void {
  state.isReady = false;
  state.ready = preparation.then(() => {
    state.isReady = true;
  });
  // Callers of `waitForDatabase` get the rejection; without any it must not count as unhandled.
  state.ready.catch(() => {});
}

/** Whether the schema is migrated and the runs that a crash left open are closed. */
export function isDatabaseReady(): boolean {
  return state.isReady;
}

/**
 * Resolves once the database is prepared; immediately if nothing was registered, as in tests.
 * @throws AppError database_unavailable after 6 s
 */
export async function waitForDatabase(): Promise<void> {
  if (state.isReady) return;
  await withTimeout(state.ready, READY_TIMEOUT_MS, () => {
    throw new AppError('database_unavailable');
  });
}
