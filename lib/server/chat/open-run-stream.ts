import { eq } from 'drizzle-orm';
import { formatLine, UNKNOWN_USAGE } from '@/lib/protocol/lines';
import type { MessageStatus, StoredMessage } from '@/lib/protocol/messages';
import type { StreamEvent } from '@/lib/protocol/stream-events';
import { messageColumns, toStoredMessage } from '@/lib/server/chat/rows';
import { db } from '@/lib/server/db/client';
import { message } from '@/lib/server/db/schema';
import { type Recipient, responseBody } from '@/lib/server/http/response-body';
import { followRun } from '@/lib/server/runs/follow-run';
import { countStoredLines } from '@/lib/server/runs/read-from-database';
import { runHub } from '@/lib/server/runs/run-hub';
import type { EndTrigger } from '@/lib/server/runs/run-log';

/**
 * Milliseconds after the end of a run during which its log is certain to exist; later, the stored
 * message is used.
 */
const LOG_RETENTION_MS = 100_000;

type RunState = { id: string; messageId: string; status: MessageStatus; finishedAt: Date | null };

/** A run's data stream for one reader. */
export type RunStream = {
  runId: string;
  messageId: string;
  stream: ReadableStream<Uint8Array>;
};

/**
 * Returns a run as a data stream that starts after line `after`: its log while it exists, live
 * until the run's end; later the finished message as one `append-message` event.
 */
export async function openRunStream(
  run: RunState,
  after: number,
  endOn: EndTrigger,
  recipient: Recipient,
): Promise<RunStream> {
  return {
    runId: run.id,
    messageId: run.messageId,
    stream: await openStream(run, after, endOn, recipient),
  };
}

async function openStream(
  run: RunState,
  after: number,
  endOn: EndTrigger,
  recipient: Recipient,
): Promise<ReadableStream<Uint8Array>> {
  if (run.status === 'running' || runHub().get(run.id)) return followRun(run.id, after, { endOn });
  const endedAgoMs = Date.now() - (run.finishedAt?.getTime() ?? 0);
  // A reader that has part of the run needs the following lines, not the whole message again;
  // unless it was delivered lines that were lost with the process that wrote them.
  if (after > 0 && endedAgoMs < LOG_RETENTION_MS && (await countStoredLines(run.id)) > after) {
    return followRun(run.id, after, { isLive: false, endOn });
  }
  const [row] = await db()
    .select(messageColumns)
    .from(message)
    .where(eq(message.id, run.messageId));
  return finishedMessageStream(row && toStoredMessage(row), recipient);
}

/** Returns the finished message as a stream, or an empty stream. */
function finishedMessageStream(
  storedMessage: StoredMessage | undefined,
  recipient: Recipient,
): ReadableStream<Uint8Array> {
  const body = responseBody(storedMessage ? formatFinishedMessage(storedMessage) : '', recipient);
  return body instanceof ReadableStream ? body : new Blob([body]).stream();
}

function formatFinishedMessage(storedMessage: StoredMessage): string {
  const event: StreamEvent = { type: 'append-message', message: JSON.stringify(storedMessage) };
  const { usage, finishReason } = storedMessage.annotations[0] ?? {};
  return [
    formatLine('f', { messageId: storedMessage.id }),
    formatLine('2', [event]),
    formatLine('d', {
      finishReason: finishReason ?? 'unknown',
      usage: usage ?? UNKNOWN_USAGE,
    }),
  ].join('');
}
