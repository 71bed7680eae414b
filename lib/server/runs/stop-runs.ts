import { sql } from '@/lib/server/db/client';
import { SIGNAL_CHANNEL, signals } from '@/lib/server/db/signals';
import { runHub } from '@/lib/server/runs/run-hub';

const REMOTE_STOP_TIMEOUT_MS = 1_000;

/**
 * Stops the live runs of a chat: closes the connections to the model and saves the partial answers.
 *
 * The request is stored in the row of each run, so that it applies to a run of any process and to
 * the recovery of a dead one; a signal notifies the run's process immediately.
 *
 * Resolves when the answers have ended and are saved; at the latest after 5 s if they cannot be
 * saved, or after 1 s if another process does not confirm the end.
 * @param messageIds the answers to stop; all of the chat if undefined
 * @returns whether there was a live run
 */
export async function stopRuns(chatId: string, messageIds?: readonly string[]): Promise<boolean> {
  const localRuns = runHub()
    .unsavedRunsOf(chatId)
    .filter(({ row }) => messageIds?.includes(row.messageId) ?? true);
  // Closing the connection to the model must not wait for the database.
  for (const localRun of localRuns) void localRun.finish({ status: 'stopped' });
  const ofMessages = messageIds ? sql()`and message_id = any(${[...messageIds]}::uuid[])` : sql()``;
  // Postgres sends the notification when the statement commits.
  const stopping = await sql()<Array<{ id: string }>>`
    with marked as (
      update run set stop_requested_at = coalesce(stop_requested_at, now())
      where chat_id = ${chatId} and status = 'running' ${ofMessages} returning id
    )
    select id, pg_notify(${SIGNAL_CHANNEL}, json_build_object('type', 'stop', 'runId', id)::text)
    from marked`;
  const localIds = new Set(localRuns.map(({ row }) => row.id));
  await Promise.all(
    stopping.filter(({ id }) => !localIds.has(id)).map(({ id }) => waitForRemoteEnd(id)),
  );
  await runHub().waitUntilPersisted(chatId);
  return localRuns.length > 0 || stopping.length > 0;
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
