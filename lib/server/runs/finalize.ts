import { setTimeout as sleep } from 'node:timers/promises';
import type { PendingQuery, Row, Sql } from 'postgres';
import type { LiveEvent } from '@/lib/protocol/api';
import type { FoldedDocument } from '@/lib/protocol/fold-documents';
import { hasContent } from '@/lib/protocol/has-content';
import { formatRunEnd } from '@/lib/protocol/lines';
import type { MessagePart, RunEndedAnnotation } from '@/lib/protocol/messages';
import {
  isConnectionError,
  isPermanentError,
  isTransientError,
  isUniqueViolation,
} from '@/lib/server/db/client';
import { VERSION_NUMBERS } from '@/lib/server/db/schema';
import { signals } from '@/lib/server/db/signals';
import { toJsonb } from '@/lib/server/db/storable';
import { logger } from '@/lib/server/log/logger';
import { writingKey } from '@/lib/server/runs/fold-run';
import { type FinalRunWrite, SAVE_FALLBACKS, toUnsavedRun } from '@/lib/server/runs/save-fallbacks';

/** What a run leaves behind. */
export type FinalRun = {
  row: { id: string; chatId: string; messageId: string; epoch: number };
  parts: MessagePart[];
  /** What it has written of documents: each writing that is no version yet becomes one. */
  documents: FoldedDocument[];
  /** Lines that come before the ending. */
  closingLines: string;
  annotation: RunEndedAnnotation;
};

/** The ending comes behind every frame, however many there are. */
const LAST_SEQ = 2_147_483_647;
const INITIAL_RETRY_DELAY_MS = 200;
const MAX_RETRY_DELAY_MS = 5_000;
const MAX_ATTEMPTS = 10;
/** Refusals that are no word about the data may pass: so many are waited out. */
const MAX_UNCLASSIFIED_ERRORS = 3;

/**
 * Writes the end of a run: the run and its message become final, documents that it was still writing
 * are kept, and its log gets its last lines, all or nothing, in one statement. A compare-and-set
 * on the epoch: a writer whose run was taken over changes nothing.
 *
 * The log stays for a while (`purgeEndedLogs`), for readers in other processes to come to its end.
 *
 * Where Postgres refuses the data for good, less of it is saved: the answer's text alone, then only
 * that it failed. A run must not stay `running`.
 *
 * @returns the end as it was saved; null where this writer did not own the run any more
 * @throws what says that the database is away, or has no room for now
 */
export async function finalizeRun(sql: Sql, final: FinalRun): Promise<FinalRun | null> {
  for (const reduce of SAVE_FALLBACKS) {
    const reduced = reduce(final);
    try {
      return (await writeEndWithRetries(sql, reduced)) ? reduced : null;
    } catch (error) {
      if (isConnectionError(error) || isTransientError(error)) throw error;
      const { id: runId } = final.row;
      logger.error({ err: error, runId }, 'The database refused an answer: less of it is saved');
    }
  }
  return (await closeRunOnly(sql, final)) ? toUnsavedRun(final) : null;
}

/** `writeEnd`, again where another try may be taken. */
async function writeEndWithRetries(sql: Sql, final: FinalRunWrite): Promise<boolean> {
  let unclassified = 0;
  for (let attempt = 1; ; attempt++) {
    try {
      return await writeEnd(sql, final);
    } catch (error) {
      // Somebody else took the number that was next for a version of a document.
      if (isUniqueViolation(error, VERSION_NUMBERS) && attempt < MAX_ATTEMPTS) continue;
      if (isConnectionError(error) || isTransientError(error) || isPermanentError(error))
        throw error;
      unclassified += 1;
      if (unclassified === MAX_UNCLASSIFIED_ERRORS) throw error;
      await sleep(INITIAL_RETRY_DELAY_MS);
    }
  }
}

/** Closes a run whose message takes no change at all: it is read as failed (lib/server/chat/rows). */
async function closeRunOnly(sql: Sql, { row }: FinalRun): Promise<boolean> {
  const [closed] = await sql<OwnedRun[]>`
    update run set status = 'failed', error_code = 'answer_not_saved', finished_at = now()
    where id = ${row.id} and epoch = ${row.epoch} and status = 'running'
    returning owner_id as "ownerId"`;
  if (!closed) return false;
  publishRunEnded(row, closed.ownerId, []);
  return true;
}

async function writeEnd(sql: Sql, final: FinalRunWrite): Promise<boolean> {
  const { row, closingLines, annotation } = final;
  const usage = annotation.usage ? toJsonb(annotation.usage) : null;
  const error = annotation.error ? toJsonb(annotation.error) : null;
  const { status } = annotation;
  const finishReason = annotation.finishReason ?? null;
  const parts = final.keepsStoredParts
    ? sql`message.parts`
    : sql`${toJsonb(final.parts)}::text::jsonb`;
  const documents = final.documents.map((document, index) => ({
    ...document,
    index,
    writingId: writingKey(row.id, document.writingId),
  }));
  const [owned] = await sql<Array<OwnedRun & { written: WrittenVersion[] | null }>>`
    with owned as (
      update run set status = ${status}, finish_reason = ${finishReason}, usage = ${usage}::text::jsonb,
        error_code = ${annotation.error?.code ?? null}, finished_at = now()
      where id = ${row.id} and epoch = ${row.epoch} and status = 'running'
      returning id, chat_id, message_id, owner_id
    ), touched as (
      update chat set updated_at = greatest(now(), updated_at + interval '1 millisecond')
      from owned where chat.id = owned.chat_id
      returning chat.updated_at
    ), saved as (
      update message set parts = ${parts},
        status = ${status}, usage = ${usage}::text::jsonb, finish_reason = ${finishReason},
        error = ${error}::text::jsonb, finished_at = now(),
        selected_at = case when ${staysSelected(final)} then touched.updated_at else selected_at end
      from owned, touched where message.id = owned.message_id
    )${documents.length > 0 ? versionsCte(sql, toJsonb(documents)) : sql``}${final.skipsLog ? sql`` : logEndCte(sql, row.epoch, closingLines + formatRunEnd(annotation))}
    select ${documents.length > 0 ? sql`(select jsonb_agg(written) from written)` : sql`null`}
      as written, owner_id as "ownerId" from owned`;
  if (!owned) return false;
  publishRunEnded(row, owned.ownerId, owned.written ?? []);
  return true;
}

/** An answer that failed, or ended before it said anything, gives way to another version of it. */
function staysSelected({ parts, annotation }: FinalRun): boolean {
  return annotation.status !== 'failed' && hasContent(parts);
}

/** Whose the run is now: a guest may have signed in since it began. */
type OwnedRun = { ownerId: string };

function publishRunEnded(
  row: FinalRun['row'],
  ownerId: string,
  savedVersions: WrittenVersion[],
): void {
  const { id: runId, chatId, messageId } = row;
  const publish = (event: LiveEvent) => signals().publish({ type: 'live', ownerId, event });
  signals().publish({ type: 'ended', runId });
  for (const { document_id: documentId, version } of savedVersions) {
    publish({ type: 'document-updated', chatId, documentId, version });
  }
  publish({ type: 'run-ended', chatId, messageId });
}

/** The part of the statement that adds the run's last lines to its log. */
function logEndCte(sql: Sql, epoch: number, lines: string): PendingQuery<Row[]> {
  return sql`, logged as (
      insert into run_log (run_id, epoch, seq, data)
      select id, ${epoch}::int, ${LAST_SEQ}::int, ${lines} from owned
    )`;
}

type WrittenVersion = { document_id: string; version: number };

/**
 * The part of the statement that keeps what is no version yet: documents whose writing did not come
 * to its end, or whose database was away then, with the document itself where that is not there.
 */
function versionsCte(sql: Sql, documents: string): PendingQuery<Row[]> {
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
 * @returns the end as it was saved; null where another process has taken the run over
 */
export async function finalizeRunWithRetries(sql: Sql, final: FinalRun): Promise<FinalRun | null> {
  let mayBeCommitted = false;
  for (
    let delayMs = INITIAL_RETRY_DELAY_MS;
    ;
    delayMs = Math.min(delayMs * 2, MAX_RETRY_DELAY_MS)
  ) {
    try {
      const saved = await finalizeRun(sql, final);
      if (saved) return saved;
      const ended = mayBeCommitted && (await findEndedRun(sql, final));
      if (!ended) return null;
      publishRunEnded(final.row, ended.ownerId, []);
      return final;
    } catch (error) {
      if (!isConnectionError(error) && !isTransientError(error)) {
        logger.error({ err: error, runId: final.row.id }, 'The end of a run could not be saved');
        return toUnsavedRun(final);
      }
      mayBeCommitted = true;
      await sleep(delayMs);
    }
  }
}

/** The run, where an earlier write of this very writer was committed, though its answer never came. */
async function findEndedRun(sql: Sql, { row }: FinalRun): Promise<OwnedRun | undefined> {
  const [found] = await sql<OwnedRun[]>`
    select owner_id as "ownerId" from run
    where id = ${row.id} and epoch = ${row.epoch} and status <> 'running'`;
  return found;
}

/**
 * Removes the logs of runs that ended a while ago.
 * @param everything also looks for logs that an earlier purge missed; reads the whole table
 */
export async function purgeEndedLogs(
  sql: Sql,
  { everything: fullScan = false } = {},
): Promise<void> {
  const old = sql`run.finished_at < now() - interval '2 minutes'`;
  await (fullScan
    ? sql`delete from run_log where run_id in (
        select distinct log.run_id from run_log log left join run on run.id = log.run_id
        where run.id is null or ${old})`
    : sql`delete from run_log using run
        where run_log.run_id = run.id and ${old}
          and run.finished_at > now() - interval '10 minutes'`);
}
