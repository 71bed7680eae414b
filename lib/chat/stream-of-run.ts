import { eq } from 'drizzle-orm';
import { messageColumns, toStoredMessage } from '@/lib/chat/rows';
import { db } from '@/lib/db/client';
import { message } from '@/lib/db/schema';
import { bodyOf, type Reader } from '@/lib/large-body';
import type { StreamEvent } from '@/lib/protocol/events';
import { formatLine } from '@/lib/protocol/lines';
import type { MessageStatus, StoredMessage } from '@/lib/protocol/messages';
import { followRun } from '@/lib/runs/follow';
import { runHub } from '@/lib/runs/hub';
import type { Until } from '@/lib/runs/log';
import { storedLines } from '@/lib/runs/read-database';

/** Past this a run's log may have been removed, and its message speaks for it. */
const LOG_KEPT_MS = 100_000;

type RunState = { id: string; messageId: string; status: MessageStatus; finishedAt: Date | null };

/** A run being read, by whoever asked for it. */
export type RunStream = {
  runId: string;
  messageId: string;
  stream: ReadableStream<Uint8Array>;
};

/**
 * A run as a data stream, from its line `after` on: its log while that is there, live until its end;
 * afterwards the finished message itself, as one `append-message` event.
 */
export async function streamOfRun(
  run: RunState,
  after: number,
  until: Until,
  reader: Reader,
): Promise<RunStream> {
  return { runId: run.id, messageId: run.messageId, stream: await open(run, after, until, reader) };
}

async function open(
  run: RunState,
  after: number,
  until: Until,
  reader: Reader,
): Promise<ReadableStream<Uint8Array>> {
  if (run.status === 'running' || runHub().get(run.id)) return followRun(run.id, after, { until });
  const endedMs = Date.now() - (run.finishedAt?.getTime() ?? 0);
  // Whoever has read a part of it needs the lines that follow, not the message once more; unless it
  // was shown lines that were lost with the process that wrote them.
  if (after > 0 && endedMs < LOG_KEPT_MS && (await storedLines(run.id)) > after) {
    return followRun(run.id, after, { isLive: false, until });
  }
  const [row] = await db()
    .select(messageColumns)
    .from(message)
    .where(eq(message.id, run.messageId));
  return restoredStream(row && toStoredMessage(row), reader);
}

/** The finished message as a stream of its own, or an empty stream. */
function restoredStream(
  restored: StoredMessage | undefined,
  reader: Reader,
): ReadableStream<Uint8Array> {
  const body = bodyOf(restored ? restoredLines(restored) : '', reader);
  return body instanceof ReadableStream ? body : new Blob([body]).stream();
}

function restoredLines(restored: StoredMessage): string {
  const event: StreamEvent = { type: 'append-message', message: JSON.stringify(restored) };
  const { usage, finishReason } = restored.annotations[0] ?? {};
  return [
    formatLine('f', { messageId: restored.id }),
    formatLine('2', [event]),
    formatLine('d', {
      finishReason: finishReason ?? 'unknown',
      usage: usage ?? { promptTokens: null, completionTokens: null },
    }),
  ].join('');
}
