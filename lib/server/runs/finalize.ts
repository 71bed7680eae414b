import { setTimeout as sleep } from 'node:timers/promises';
import type { PendingQuery, Row, Sql } from 'postgres';
import { hasContent } from '@/lib/protocol/has-content';
import { formatRunEnd } from '@/lib/protocol/lines';
import {
  isConnectionError,
  isPermanentError,
  isTransientError,
  isUniqueViolation,
} from '@/lib/server/db/client';
import { VERSION_PRIMARY_KEY } from '@/lib/server/db/schema';
import { publishEvent, signals } from '@/lib/server/db/signals';
import { toJsonb } from '@/lib/server/db/storable';
import { logger } from '@/lib/server/log/logger';
import type { FinalRun } from '@/lib/server/runs/final-run';
import { writingKey } from '@/lib/server/runs/fold-run';
import { type FinalRunWrite, SAVE_FALLBACKS, toUnsavedRun } from '@/lib/server/runs/save-fallbacks';
import { type Backoff, backoffMs } from '@/lib/shared/backoff';

/** Sorts the end of the run after all of its frames. */
const LAST_SEQ = 2_147_483_647;
const RETRY_BACKOFF: Backoff = { initialMs: 200, maxMs: 5_000 };
const MAX_ATTEMPTS = 10;
/**
 * Errors that are neither permanent nor transient may go away: retry until there were this many.
 */
const MAX_UNCLASSIFIED_ERRORS = 3;

/**
 * Writes the end of a run atomically, in one statement: the run and its message become final, its
 * unfinished documents are saved, and its log gets its last lines. This is a compare-and-set on the
 * epoch: a writer whose run was taken over changes nothing.
 *
 * The log stays for a while (`purgeEndedLogs`), so that readers in other processes can reach its
 * end.
 *
 * If Postgres rejects the data permanently, less of it is saved: only the text of the answer, then
 * only its failure. A run must not stay `running`.
 *
 * @returns the end as it was saved; null if this writer no longer owned the run
 * @throws connection errors and transient errors of Postgres (such as a full disk)
 */
export async function finalizeRun(sql: Sql, final: FinalRun): Promise<FinalRun | null> {
  for (const reduce of SAVE_FALLBACKS) {
    const reduced = reduce(final);
    try {
      return (await writeEndWithRetries(sql, reduced)) ? reduced : null;
    } catch (error) {
      if (isConnectionError(error) || isTransientError(error)) throw error;
      const { id: runId } = final.row;
      logger.error(
        { err: error, runId },
        'The database rejected an answer; saving a reduced form of it',
      );
    }
  }
  return (await closeRunOnly(sql, final)) ? toUnsavedRun(final) : null;
}

/** Calls `writeEnd`, with retries after version conflicts and unclassified errors. */
async function writeEndWithRetries(sql: Sql, final: FinalRunWrite): Promise<boolean> {
  let unclassified = 0;
  for (let attempt = 1; ; attempt++) {
    try {
      return await writeEnd(sql, final);
    } catch (error) {
      // A concurrent save took the next version number of a document.
      if (isUniqueViolation(error, VERSION_PRIMARY_KEY) && attempt < MAX_ATTEMPTS) continue;
      if (isConnectionError(error) || isTransientError(error) || isPermanentError(error))
        throw error;
      unclassified += 1;
      if (unclassified === MAX_UNCLASSIFIED_ERRORS) throw error;
      await sleep(RETRY_BACKOFF.initialMs);
    }
  }
}

/** Closes a run whose message cannot be updated; it reads as failed (lib/server/chat/rows). */
async function closeRunOnly(sql: Sql, { row }: FinalRun): Promise<boolean> {
  const [closed] = await sql<OwnedRun[]>`
    update run set status = 'failed', error_code = 'answer_save_failed', finished_at = now()
    where id = ${row.id} and epoch = ${row.epoch} and status = 'running'
    returning owner_id as "ownerId"`;
  if (!closed) return false;
  publishRunEnded(row, closed.ownerId, []);
  return true;
}

async function writeEnd(sql: Sql, final: FinalRunWrite): Promise<boolean> {
  const { row, closingLines, annotation } = final;
  const usage = annotation.usage ? toJsonb(annotation.usage) : null;
  const timing = annotation.timing ? toJsonb(annotation.timing) : null;
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
        timing = ${timing}::text::jsonb, error = ${error}::text::jsonb,
        finished_at = coalesce(${annotation.endedAt ?? null}::text::timestamptz, now()),
        selected_at = case
          when ${staysSelected(final)} then coalesce(selected_at, touched.updated_at)
          -- A continued answer stays selected with the content that it had.
          when message.parts = '[]'::jsonb then null else selected_at end
      from owned, touched where message.id = owned.message_id
    )${documents.length > 0 ? versionsCte(sql, toJsonb(documents)) : sql``}${final.skipsLog ? sql`` : logEndCte(sql, row.epoch, closingLines + formatRunEnd(annotation))}
    select ${documents.length > 0 ? sql`(select jsonb_agg(written) from written)` : sql`null`}
      as written, owner_id as "ownerId" from owned`;
  if (!owned) return false;
  publishRunEnded(row, owned.ownerId, owned.written ?? []);
  return true;
}

/** A new answer that failed or has no content is not selected among its siblings any more. */
function staysSelected({ parts, annotation }: FinalRun): boolean {
  return annotation.status !== 'failed' && hasContent(parts);
}

/** The current owner of the run: a guest may have signed in since it started. */
type OwnedRun = { ownerId: string };

function publishRunEnded(
  row: FinalRun['row'],
  ownerId: string,
  savedVersions: WrittenVersion[],
): void {
  const { id: runId, chatId, messageId } = row;
  signals().publish({ type: 'ended', runId });
  for (const { document_id: documentId, version } of savedVersions) {
    publishEvent(ownerId, { type: 'document-updated', chatId, documentId, version });
  }
  publishEvent(ownerId, { type: 'run-ended', chatId, messageId });
}

/** The CTE that adds the run's last lines to its log. */
function logEndCte(sql: Sql, epoch: number, lines: string): PendingQuery<Row[]> {
  return sql`, logged as (
      insert into run_log (run_id, epoch, seq, data)
      select id, ${epoch}::int, ${LAST_SEQ}::int, ${lines} from owned
    )`;
}

type WrittenVersion = { document_id: string; version: number };

/**
 * The CTEs that save document writes that are not versions yet, because they did not finish or the
 * database was unavailable when they did. They also insert the document if it does not exist.
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
      -- A no-op update, so that an existing row is returned as well.
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
 * Calls `finalizeRun` and retries without a limit after connection errors and transient errors,
 * because a delivered answer must be saved. Never rejects: other errors are logged, and the run is
 * left to recovery, which reads the same frames from `run_log`.
 * @returns the end as it was saved; null if another process has taken over the run
 */
export async function finalizeRunWithRetries(sql: Sql, final: FinalRun): Promise<FinalRun | null> {
  let mayBeCommitted = false;
  for (let attempt = 0; ; attempt += 1) {
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
      await sleep(backoffMs(attempt, RETRY_BACKOFF));
    }
  }
}

/** The run, if an earlier write of this writer was committed although its response was lost. */
async function findEndedRun(sql: Sql, { row }: FinalRun): Promise<OwnedRun | undefined> {
  const [found] = await sql<OwnedRun[]>`
    select owner_id as "ownerId" from run
    where id = ${row.id} and epoch = ${row.epoch} and status <> 'running'`;
  return found;
}

/**
 * Deletes the logs of runs that ended more than 2 minutes ago.
 * @param fullScan also deletes logs that earlier purges missed (runs that ended more than 10
 *   minutes ago or no longer exist); reads the whole table
 */
export async function purgeEndedLogs(sql: Sql, { fullScan = false } = {}): Promise<void> {
  const old = sql`run.finished_at < now() - interval '2 minutes'`;
  await (fullScan
    ? sql`delete from run_log where run_id in (
        select distinct log.run_id from run_log log left join run on run.id = log.run_id
        where run.id is null or ${old})`
    : sql`delete from run_log using run
        where run_log.run_id = run.id and ${old}
          and run.finished_at > now() - interval '10 minutes'`);
}
