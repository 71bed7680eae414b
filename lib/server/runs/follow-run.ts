/**
 * The only way to read a run: from memory if it runs in this process, otherwise through Redis, and
 * from Postgres if Redis is not configured or fails.
 */

import { readLog } from '@/lib/server/runs/read-log';
import { readRemote } from '@/lib/server/runs/read-remote';
import { runHub } from '@/lib/server/runs/run-hub';
import type { EndTrigger } from '@/lib/server/runs/run-log';

/**
 * Streams the run's lines after the first `after` non-blank ones, live until its end, with a blank
 * line after 10 s without data. Canceling the stream does not affect the run.
 * @param isLive false if the run is known to have ended: this skips Redis, which would wait a
 *   second for a process that may be gone
 * @param endOn may end the stream before the run ends
 */
export function followRun(
  runId: string,
  after = 0,
  { isLive = true, endOn }: { isLive?: boolean; endOn?: EndTrigger | undefined } = {},
): ReadableStream<Uint8Array> {
  const run = runHub().get(runId);
  return run ? readLog(run.log, after, { endOn }) : readRemote(runId, after, isLive, endOn);
}
