import { removeUnusedGuests } from '@/lib/auth/remove-guests';
import { getConfig } from '@/lib/config';
import { ConfigError } from '@/lib/config/error';
import { sql } from '@/lib/db/client';
import { migrate } from '@/lib/db/migrate';
import { prepareDatabase } from '@/lib/db/ready';
import { everyNow } from '@/lib/every-now';
import { prepareRequests } from '@/lib/http/prepare-requests';
import { logConsole } from '@/lib/log/log-console';
import { hideInLog, secretsOf } from '@/lib/log/secrets';
import { logger } from '@/lib/logger';
import { setDemoEndpoint, startDemoModel } from '@/lib/models';
import { markOutsideRequest } from '@/lib/outside-request';
import { purgeEndedLogs } from '@/lib/runs/finalize';
import { watchOwnRuns } from '@/lib/runs/own-runs';
import { presence } from '@/lib/runs/presence';
import { closeDeadRuns, startReaper } from '@/lib/runs/recover';
import { runRelay } from '@/lib/runs/relay';
import { drainOnSignal } from '@/lib/server/drain';
import { watchSessions } from '@/lib/server/watch-sessions';

const REMOVE_GUESTS_EVERY_MS = 10 * 60_000;

/**
 * All that a process does before and beside its requests. Returns at once: requests that need the
 * database wait for it by themselves, and health probes are answered meanwhile.
 */
export function startServer(): void {
  checkConfig();
  hideInLog(secretsOf(getConfig()));
  if (process.env.NODE_ENV === 'production') logConsole();
  markOutsideRequest();
  prepareRequests();
  const prepared = prepare();
  prepareDatabase(prepared);
  runRelay();
  const ends = [watchOwnRuns(), watchSessions()];
  void prepared.then(() => ends.push(startReaper(), startRemovingGuests()));
  drainOnSignal(() => {
    for (const end of ends) end();
  });
}

function startRemovingGuests(): () => void {
  const remove = () => removeUnusedGuests(sql());
  return everyNow(REMOVE_GUESTS_EVERY_MS, remove, 'Unused guests could not be removed');
}

function checkConfig(): void {
  try {
    getConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    endWith(error);
  }
}

/** Ends the process with the words of the error on stderr. */
function endWith(error: ConfigError): never {
  process.stderr.write(`\n${error.message}\n`);
  process.exit(1);
}

async function prepare(): Promise<void> {
  try {
    const { database, models } = getConfig();
    if (models.demo) setDemoEndpoint((await startDemoModel()).baseUrl);
    await migrate(database);
    await presence().arrive();
    await closeDeadRuns({ atStart: true });
    await purgeEndedLogs(sql(), { everything: true });
    logger.info('The database is ready');
  } catch (error) {
    if (error instanceof ConfigError) endWith(error);
    // A schema that cannot be made right is no state to serve requests in.
    logger.fatal({ err: error }, 'The database could not be prepared: the server stops');
    process.exit(1);
  }
}
