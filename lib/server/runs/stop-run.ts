import { sql } from '@/lib/server/db/client';
import { SIGNAL_CHANNEL, signals } from '@/lib/server/db/signals';
import { runHub } from '@/lib/server/runs/run-hub';

const REMOTE_STOP_TIMEOUT_MS = 1_000;

/**
 * Stops the chat's live run for good: the connection to the model closes, and what had come is kept.
 *
 * The wish is written down, so that it holds wherever the run lives, and whoever closes the run of a
 * dead process knows it too; a signal carries it to the run's process at once.
 *
 * Resolves when the answer has ended and is saved; after 5 s where it cannot be saved, and after a
 * second where another process does not say so.
 * @returns whether there was a live run
 */
export async function stopRun(chatId: string): Promise<boolean> {
  const localRun = runHub().unsavedRunOf(chatId);
  // The model's connection must not wait for the database.
  if (localRun) void localRun.finish({ status: 'stopped' });
  // The signal leaves with the commit.
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

/** Resolves when another process says that the run has ended, or after a second. */
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
