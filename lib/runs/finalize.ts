import type { PendingQuery, Row, Sql } from 'postgres';
import { isConnectionError } from '@/lib/db/client';
import { storableJson } from '@/lib/db/json';
import { logger } from '@/lib/logger';
import type { WrittenDocument } from '@/lib/protocol/fold-documents';
import { formatEnding } from '@/lib/protocol/lines';
import type { MessagePart, RunEndedAnnotation } from '@/lib/protocol/messages';
import { signals } from '@/lib/runs/signals';

/** What a run leaves behind. */
export type FinalRun = {
  row: { id: string; chatId: string; messageId: string; ownerId: string; epoch: number };
  parts: MessagePart[];
  /** What it has shown of documents: each that has no version by this message yet gets one. */
  documents: WrittenDocument[];
  annotation: RunEndedAnnotation;
};

/** The ending comes behind every frame, however many there are. */
const LAST_SEQ = 2_147_483_647;
const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 5_000;

/**
 * Writes the end of a run: the run and its message become final and its log gets its last two lines,
 * all or nothing, in one statement. A compare-and-set on the epoch: a writer whose run was taken over
 * changes nothing.
 *
 * The log stays for a while (`purgeEndedLogs`), for readers in other processes to come to its end.
 *
 * @returns whether this writer still owned the run
 */
export async function finalizeRun(sql: Sql, final: FinalRun): Promise<boolean> {
  const { row, annotation } = final;
  const usage = annotation.usage ? JSON.stringify(annotation.usage) : null;
  const error = annotation.error ? JSON.stringify(annotation.error) : null;
  const { status, finishReason = null } = annotation;
  const owned = await sql`
    with owned as (
      update run set status = ${status}, finish_reason = ${finishReason}, usage = ${usage}::text::jsonb,
        error_code = ${annotation.error?.code ?? null}, finished_at = now()
      where id = ${row.id} and epoch = ${row.epoch} and status = 'running'
      returning id, chat_id, message_id
    ), saved as (
      update message set parts = ${JSON.stringify(storableJson(final.parts))}::text::jsonb,
        status = ${status}, usage = ${usage}::text::jsonb, finish_reason = ${finishReason},
        error = ${error}::text::jsonb, finished_at = now()
      from owned where message.id = owned.message_id
    ), touched as (
      update chat set updated_at = greatest(now(), updated_at + interval '1 millisecond')
      from owned where chat.id = owned.chat_id
    )${withVersions(sql, final.documents)}
    insert into run_log (run_id, epoch, seq, data)
    select id, ${row.epoch}::int, ${LAST_SEQ}::int, ${formatEnding(annotation)} from owned
    returning run_id`;
  if (owned.length === 0) return false;
  const { id: runId, chatId, messageId, ownerId } = row;
  signals().post({ type: 'ended', runId });
  signals().post({ type: 'live', ownerId, event: { type: 'run-ended', chatId, messageId } });
  return true;
}

/** The part of the statement that keeps documents whose writing did not come to its end. */
function withVersions(sql: Sql, documents: WrittenDocument[]): PendingQuery<Row[]> {
  if (documents.length === 0) return sql``;
  return sql`, written as (
      insert into document_version (document_id, version, content, author, message_id)
      select document.id,
        (select coalesce(max(version), 0) + 1 from document_version where document_id = document.id),
        given.content, 'model', owned.message_id
      from owned, document,
        jsonb_to_recordset(${JSON.stringify(storableJson(documents))}::text::jsonb)
          as given(id uuid, content text)
      where document.id = given.id and document.chat_id = owned.chat_id
        and not exists (select 1 from document_version as known
          where known.document_id = document.id and known.message_id = owned.message_id)
      on conflict do nothing
    )`;
}

/**
 * `finalizeRun`, again and again while the database cannot be reached: an answer that was shown is
 * saved, however long that takes. Never rejects; what else goes wrong is logged, and the run is left
 * to recovery, which reads the same frames from `run_log`.
 */
export async function finalizeRunPersistently(sql: Sql, final: FinalRun): Promise<void> {
  for (let delayMs = FIRST_RETRY_MS; ; delayMs = Math.min(delayMs * 2, LAST_RETRY_MS)) {
    try {
      const owned = await finalizeRun(sql, final);
      if (!owned) logger.warn({ runId: final.row.id }, 'Another writer has taken this run over');
      return;
    } catch (error) {
      if (!isConnectionError(error)) {
        logger.error({ err: error, runId: final.row.id }, 'The end of a run could not be saved');
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
}

/**
 * Removes the logs of runs that ended a while ago.
 * @param everything also looks for logs that an earlier purge missed; reads the whole table
 */
export async function purgeEndedLogs(sql: Sql, { everything = false } = {}): Promise<void> {
  const old = sql`run.finished_at < now() - interval '2 minutes'`;
  await (everything
    ? sql`delete from run_log where run_id in (
        select distinct log.run_id from run_log log left join run on run.id = log.run_id
        where run.id is null or ${old})`
    : sql`delete from run_log using run
        where run_log.run_id = run.id and ${old}
          and run.finished_at > now() - interval '10 minutes'`);
}
