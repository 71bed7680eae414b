import { removeUnusedGuests } from '@/lib/auth/remove-guests';
import { getConfig } from '@/lib/config';
import { ConfigError } from '@/lib/config/error';
import { sql } from '@/lib/db/client';
import { migrate } from '@/lib/db/migrate';
import { trackDatabasePreparation } from '@/lib/db/ready';
import { runEvery } from '@/lib/every-now';
import { prepareRequests } from '@/lib/http/prepare-requests';
import { redirectConsole } from '@/lib/log/log-console';
import { configSecrets, registerSecrets } from '@/lib/log/secrets';
import { logger } from '@/lib/logger';
import { setDemoEndpoint, startDemoModel } from '@/lib/models';
import { captureDetachedContext } from '@/lib/outside-request';
import { purgeEndedLogs } from '@/lib/runs/finalize';
import { superviseLocalRuns } from '@/lib/runs/own-runs';
import { presence } from '@/lib/runs/presence';
import { closeDeadRuns, startReaper } from '@/lib/runs/recover';
import { runRelay } from '@/lib/runs/relay';
import { drainOnSignal } from '@/lib/server/drain';
import { watchSessions } from '@/lib/server/watch-sessions';

const GUEST_CLEANUP_INTERVAL_MS = 10 * 60_000;

/**
 * All that a process does before and beside its requests. Returns at once: requests that need the
 * database wait for it by themselves, and health probes are answered meanwhile.
 */
export function startServer(): void {
  checkConfig();
  registerSecrets(configSecrets(getConfig()));
  if (process.env.NODE_ENV === 'production') redirectConsole();
  captureDetachedContext();
  prepareRequests();
  const initialized = initializeDatabase();
  trackDatabasePreparation(initialized);
  runRelay();
  const disposers = [superviseLocalRuns(), watchSessions()];
  void initialized.then(() => disposers.push(startReaper(), startGuestCleanup()));
  drainOnSignal(() => {
    for (const end of disposers) end();
  });
}

function startGuestCleanup(): () => void {
  const remove = () => removeUnusedGuests(sql());
  return runEvery(GUEST_CLEANUP_INTERVAL_MS, remove, 'Unused guests could not be removed');
}

function checkConfig(): void {
  try {
    getConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    exitWithError(error);
  }
}

/** Ends the process with the words of the error on stderr. */
function exitWithError(error: ConfigError): never {
  process.stderr.write(`\n${error.message}\n`);
  process.exit(1);
}

async function initializeDatabase(): Promise<void> {
  try {
    const { database, models } = getConfig();
    if (models.demo) setDemoEndpoint((await startDemoModel()).baseUrl);
    await migrate(database);
    await presence().start();
    await closeDeadRuns({ atStart: true });
    await purgeEndedLogs(sql(), { everything: true });
    logger.info('The database is ready');
  } catch (error) {
    if (error instanceof ConfigError) exitWithError(error);
    // A schema that cannot be made right is no state to serve requests in.
    logger.fatal({ err: error }, 'The database could not be prepared: the server stops');
    process.exit(1);
  }
}
