import { withTimeout } from '@/lib/server/db/with-timeout';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

/** There is no pulse of the database yet that would tell those who wait: see lib/server/runs/presence. */
const READY_TIMEOUT_MS = 6_000;

const state = processSingleton('databaseReady', () => ({
  ready: Promise.resolve() as Promise<unknown>,
  isReady: true,
}));

/** Says that the database is being prepared: `databaseReady` waits for this. */
export function trackDatabasePreparation(preparation: Promise<unknown>): void {
  state.isReady = false;
  state.ready = preparation.then(() => {
    state.isReady = true;
  });
  // Whoever waits gets the rejection; without anybody waiting it is not unhandled.
  state.ready.catch(() => {});
}

/** Whether the schema is up to date and what a crash left open has been closed. */
export function isDatabaseReady(): boolean {
  return state.isReady;
}

/**
 * Resolves once the database is prepared; at once where nothing prepares it, as in tests.
 * @throws AppError database_unavailable after 6 s
 */
export async function waitForDatabase(): Promise<void> {
  if (!state.isReady) await withTimeout(state.ready, READY_TIMEOUT_MS);
}
