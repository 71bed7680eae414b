/**
 * The one way to read a run, whoever asks and wherever the run lives: in this process from memory,
 * in another one through Redis, and from Postgres where there is no Redis or it fails.
 */

import { readLog } from '@/lib/server/runs/read-log';
import { readRemote } from '@/lib/server/runs/read-remote';
import { runHub } from '@/lib/server/runs/run-hub';
import type { EndTrigger } from '@/lib/server/runs/run-log';

/**
 * The run's lines after the first `after` non-blank ones, live until its end; a blank line every
 * 10 s where there is nothing to say. Cancelling the stream ends nothing but the stream.
 * @param isLive false where the run is known to have ended: its process may be gone, and Redis waits
 *   a second for it
 * @param until may end the stream before the run has ended
 */
export function followRun(
  runId: string,
  after = 0,
  { isLive = true, endOn }: { isLive?: boolean; endOn?: EndTrigger | undefined } = {},
): ReadableStream<Uint8Array> {
  const run = runHub().get(runId);
  return run ? readLog(run.log, after, { endOn }) : readRemote(runId, after, isLive, endOn);
}
