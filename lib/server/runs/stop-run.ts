import { sql } from '@/lib/server/db/client';
import { SIGNAL_CHANNEL, signals } from '@/lib/server/db/signals';
import { runHub } from '@/lib/server/runs/run-hub';

const REMOTE_STOP_TIMEOUT_MS = 1_000;

/**
 * Stops the chat's live run: closes the connection to the model and saves the partial answer.
 *
 * The request is stored in the run's row, so that it applies to a run of any process and to the
 * recovery of a dead one; a signal notifies the run's process immediately.
 *
 * Resolves when the answer has ended and is saved; at the latest after 5 s if it cannot be saved,
 * or after 1 s if another process does not confirm the end.
 * @returns whether there was a live run
 */
export async function stopRun(chatId: string): Promise<boolean> {
  const localRun = runHub().unsavedRunOf(chatId);
  // Closing the connection to the model must not wait for the database.
  if (localRun) void localRun.finish({ status: 'stopped' });
  // Postgres sends the notification when the statement commits.
  const [stopping] = await sql()<Array<{ id: string }>>`
    with marked as (
      update run set stop_requested_at = coalesce(stop_requested_at, now())
      where chat_id = ${chatId} and status = 'running' returning id
    )
    select id, pg_notify(${SIGNAL_CHANNEL}, json_build_object('type', 'stop', 'runId', id)::text)
    from marked`;
  if (stopping && !localRun) await waitForRemoteEnd(stopping.id);
  await runHub().waitUntilPersisted(chatId);
  return localRun !== undefined || stopping !== undefined;
}

/** Resolves when another process reports the end of the run, or after a second. */
function waitForRemoteEnd(runId: string): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      unsubscribe();
      clearTimeout(timer);
      resolve();
    };
    const unsubscribe = signals().on('ended', (signal) => signal.runId === runId && finish());
    const timer = setTimeout(finish, REMOTE_STOP_TIMEOUT_MS);
  });
}
