import { setTimeout as sleep } from 'node:timers/promises';
import type { PendingQuery, Row, Sql } from 'postgres';
import {
  isConnectionError,
  isDataRefusal,
  isTemporaryRefusal,
  isUniqueViolation,
} from '@/lib/db/client';
import { storableJson, storableText } from '@/lib/db/json';
import { VERSION_NUMBERS } from '@/lib/db/schema';
import { logger } from '@/lib/logger';
import type { LiveEvent } from '@/lib/protocol/api';
import type { WrittenDocument } from '@/lib/protocol/fold-documents';
import { hasContent } from '@/lib/protocol/has-content';
import { formatEnding } from '@/lib/protocol/lines';
import type { MessagePart, RunEndedAnnotation } from '@/lib/protocol/messages';
import { writingKey } from '@/lib/runs/fold-run';
import { signals } from '@/lib/runs/signals';

/** What a run leaves behind. */
export type FinalRun = {
  row: { id: string; chatId: string; messageId: string; ownerId: string; epoch: number };
  parts: MessagePart[];
  /** What it has written of documents: each writing that is no version yet becomes one. */
  documents: WrittenDocument[];
  /** Lines that come before the ending. */
  closing: string;
  annotation: RunEndedAnnotation;
};

/** The ending comes behind every frame, however many there are. */
const LAST_SEQ = 2_147_483_647;
const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 5_000;
const MAX_ATTEMPTS = 10;

/**
 * Writes the end of a run: the run and its message become final, documents that it was still writing
 * are kept, and its log gets its last lines, all or nothing, in one statement. A compare-and-set
 * on the epoch: a writer whose run was taken over changes nothing.
 *
 * The log stays for a while (`purgeEndedLogs`), for readers in other processes to come to its end.
 *
 * Where Postgres refuses the data for good, the answer is saved as its text alone: a run must not stay
 * `running`.
 *
 * @returns whether this writer still owned the run
 */
export async function finalizeRun(sql: Sql, final: FinalRun): Promise<boolean> {
  let kept = final;
  for (let attempt = 1; ; attempt++) {
    try {
      return await writeEnd(sql, kept);
    } catch (error) {
      if (isDataRefusal(error) && kept === final) {
        logger.error(
          { err: error, runId: final.row.id },
          'Only the text of an answer can be saved',
        );
        kept = reducedToText(final);
        continue;
      }
      // Somebody else took the number that was next for a version of a document.
      if (!isUniqueViolation(error, VERSION_NUMBERS) || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

function reducedToText(final: FinalRun): FinalRun {
  const parts = final.parts.filter((part) => part.type === 'text');
  return { ...final, parts, documents: [], closing: '' };
}

async function writeEnd(sql: Sql, final: FinalRun): Promise<boolean> {
  const { row, closing, annotation } = final;
  const usage = annotation.usage ? JSON.stringify(storableJson(annotation.usage)) : null;
  const error = annotation.error ? JSON.stringify(storableJson(annotation.error)) : null;
  const { status } = annotation;
  const finishReason = annotation.finishReason ? storableText(annotation.finishReason) : null;
  const documents = final.documents.map((document, index) => ({
    ...document,
    index,
    writingId: writingKey(row.id, document.writingId),
  }));
  const [owned] = await sql<Array<{ written: WrittenVersion[] | null }>>`
    with owned as (
      update run set status = ${status}, finish_reason = ${finishReason}, usage = ${usage}::text::jsonb,
        error_code = ${annotation.error?.code ?? null}, finished_at = now()
      where id = ${row.id} and epoch = ${row.epoch} and status = 'running'
      returning id, chat_id, message_id
    ), touched as (
      update chat set updated_at = greatest(now(), updated_at + interval '1 millisecond')
      from owned where chat.id = owned.chat_id
      returning chat.updated_at
    ), saved as (
      update message set parts = ${JSON.stringify(storableJson(final.parts))}::text::jsonb,
        status = ${status}, usage = ${usage}::text::jsonb, finish_reason = ${finishReason},
        error = ${error}::text::jsonb, finished_at = now(),
        selected_at = case when ${staysSelected(final)} then touched.updated_at else selected_at end
      from owned, touched where message.id = owned.message_id
    )${documents.length > 0 ? withVersions(sql, JSON.stringify(storableJson(documents))) : sql``}
    insert into run_log (run_id, epoch, seq, data)
    select id, ${row.epoch}::int, ${LAST_SEQ}::int, ${closing + formatEnding(annotation)}
    from owned
    returning ${documents.length > 0 ? sql`(select jsonb_agg(written) from written)` : sql`null`}
      as written`;
  if (!owned) return false;
  tellEnded(row, owned.written ?? []);
  return true;
}

/** An answer that failed, or ended before it said anything, gives way to another version of it. */
function staysSelected({ parts, annotation }: FinalRun): boolean {
  return annotation.status !== 'failed' && hasContent(parts);
}

function tellEnded(row: FinalRun['row'], written: WrittenVersion[]): void {
  const { id: runId, chatId, messageId, ownerId } = row;
  const tell = (event: LiveEvent) => signals().post({ type: 'live', ownerId, event });
  signals().post({ type: 'ended', runId });
  for (const { document_id: documentId, version } of written) {
    tell({ type: 'document-updated', chatId, documentId, version });
  }
  tell({ type: 'run-ended', chatId, messageId });
}

type WrittenVersion = { document_id: string; version: number };

/**
 * The part of the statement that keeps what is no version yet: documents whose writing did not come
 * to its end, or whose database was away then, with the document itself where that is not there.
 */
function withVersions(sql: Sql, documents: string): PendingQuery<Row[]> {
  return sql`, given as (
      select * from jsonb_to_recordset(${documents}::text::jsonb) as given(
        index int, id uuid, kind text, language text, title text, content text, complete boolean,
        "writingId" text, "baseVersion" int)
      where not exists (select 1 from document_version as known
        where known.document_id = given.id and known.writing_id = given."writingId")
    ), kept as (
      insert into document (id, chat_id, owner_id, kind, language, title)
      select distinct on (given.id) given.id, chat.id, chat.owner_id, given.kind, given.language,
        given.title
      from owned join chat on chat.id = owned.chat_id, given order by given.id, given.index
      -- An update that changes nothing: so the row comes back, whoever has just written it.
      on conflict (id) do update set title = document.title
        where document.owner_id = excluded.owner_id
      returning id
    ), written as (
      insert into document_version
        (document_id, version, content, author, message_id, base_version, complete, writing_id)
      select given.id,
        (select coalesce(max(version), 0) from document_version where document_id = given.id)
          + row_number() over (partition by given.id order by given.index),
        given.content, 'model', owned.message_id, given."baseVersion", given.complete,
        given."writingId"
      from owned, given join kept on kept.id = given.id
      on conflict (document_id, writing_id) do nothing
      returning document_id, version
    )`;
}

/**
 * `finalizeRun`, again and again while the database cannot be reached or has no room: an answer that
 * was shown is saved, however long that takes. Never rejects; what else goes wrong is logged, and the
 * run is left to recovery, which reads the same frames from `run_log`.
 * @returns false where another process has taken the run over
 */
export async function finalizeRunPersistently(sql: Sql, final: FinalRun): Promise<boolean> {
  let mayBeWritten = false;
  for (let delayMs = FIRST_RETRY_MS; ; delayMs = Math.min(delayMs * 2, LAST_RETRY_MS)) {
    try {
      if (await finalizeRun(sql, final)) return true;
      if (!mayBeWritten || !(await isFinal(sql, final))) return false;
      tellEnded(final.row, []);
      return true;
    } catch (error) {
      if (!isConnectionError(error) && !isTemporaryRefusal(error)) {
        logger.error({ err: error, runId: final.row.id }, 'The end of a run could not be saved');
        return true;
      }
      mayBeWritten = true;
      await sleep(delayMs);
    }
  }
}

/** Whether an earlier write of this very writer was committed, though its answer never came. */
async function isFinal(sql: Sql, { row, annotation }: FinalRun): Promise<boolean> {
  const found = await sql`
    select 1 from run where id = ${row.id} and epoch = ${row.epoch} and status = ${annotation.status}`;
  return found.length > 0;
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
