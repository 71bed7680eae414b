import { removeUnusedGuests } from '@/lib/server/account/remove-unused-guests';
import { startPurgingBranches } from '@/lib/server/chat/delete-branch';
import { startPurgingChats } from '@/lib/server/chat/purge-chats';
import { startQueueScan } from '@/lib/server/chat/queue/send-queued';
import { getConfig } from '@/lib/server/config';
import { ConfigError } from '@/lib/server/config/config-error';
import { sql } from '@/lib/server/db/client';
import { migrate } from '@/lib/server/db/migrate';
import { trackDatabasePreparation } from '@/lib/server/db/ready';
import { prepareRequests } from '@/lib/server/http/prepare-requests';
import { runEvery } from '@/lib/server/jobs/run-every';
import { drainOnSignal } from '@/lib/server/lifecycle/drain';
import { watchSessions } from '@/lib/server/lifecycle/watch-sessions';
import { logger } from '@/lib/server/log/logger';
import { redirectConsole } from '@/lib/server/log/redirect-console';
import { configSecrets, registerSecrets } from '@/lib/server/log/secrets';
import { registerDemoEndpoint, startDemoModel } from '@/lib/server/models';
import { purgeEndedLogs } from '@/lib/server/runs/finalize';
import { presence } from '@/lib/server/runs/presence';
import { closeDeadRuns, startReaper } from '@/lib/server/runs/recover';
import { runRelay } from '@/lib/server/runs/relay';
import { superviseLocalRuns } from '@/lib/server/runs/supervise-local-runs';
import { captureDetachedContext } from '@/lib/server/runtime/run-detached';

const GUEST_CLEANUP_INTERVAL_MS = 10 * 60_000;

/**
 * Starts everything that a process does apart from handling requests. Returns immediately: requests
 * that need the database wait for it, and health probes get a response meanwhile.
 */
export function startServer(): void {
  checkConfig();
  registerSecrets(configSecrets(getConfig()));
  if (process.env.NODE_ENV === 'production') redirectConsole();
  captureDetachedContext();
  prepareRequests();
  const prepared = prepare();
  trackDatabasePreparation(prepared);
  // Connects to Redis now, not at the first run.
  runRelay();
  const disposers = [superviseLocalRuns(), watchSessions()];
  void prepared.then(() =>
    disposers.push(
      startReaper(),
      startQueueScan(),
      startGuestCleanup(),
      startPurgingBranches(),
      startPurgingChats(),
    ),
  );
  drainOnSignal(() => {
    for (const dispose of disposers) dispose();
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

/** Prints the error message on stderr and exits. */
function exitWithError(error: ConfigError): never {
  process.stderr.write(`\n${error.message}\n`);
  process.exit(1);
}

/** Starts the demo model and prepares the database; exits if either fails. */
async function prepare(): Promise<void> {
  try {
    if (getConfig().models.demo) registerDemoEndpoint((await startDemoModel()).baseUrl);
    await prepareDatabase();
  } catch (error) {
    if (error instanceof ConfigError) exitWithError(error);
    // Requests cannot be served with a wrong schema.
    logger.fatal({ err: error }, 'The server could not start; exiting');
    process.exit(1);
  }
}

async function prepareDatabase(): Promise<void> {
  await migrate(getConfig().database);
  await presence().start();
  await closeDeadRuns({ atStart: true });
  await purgeEndedLogs(sql(), { fullScan: true });
  logger.info('The database is ready');
}
