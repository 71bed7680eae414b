/** Maps database rows to API objects. */
import { getTableColumns, type SQL, sql } from 'drizzle-orm';
import type { ChatSummary } from '@/lib/protocol/api';
import { AppError } from '@/lib/protocol/errors';
import type { MessageStatus, RunEndedAnnotation, StoredMessage } from '@/lib/protocol/messages';
import { chat, message } from '@/lib/server/db/schema';

type MessageRow = Omit<typeof message.$inferSelect, 'selectedAt' | 'deletedAt'>;

/**
 * SQL condition: the message is stored as running, but has no live run. The database permanently
 * rejected an update of the message, so only its run was closed (lib/server/runs/finalize).
 */
const HAS_LOST_RUN_SQL = `message.status = 'running' and not exists (
  select 1 from run where run.message_id = message.id and run.status = 'running')`;

/** SQL of a message's status. A message that has lost its run counts as failed. */
export const MESSAGE_STATUS_SQL = `case
  when ${HAS_LOST_RUN_SQL} then 'failed' else message.status end`;

/** SQL of the time at which a message was selected. A failed answer is not selected. */
export const SELECTED_AT_SQL = `case
  when ${HAS_LOST_RUN_SQL} then null else message.selected_at end`;

/** The columns selected for a message. */
export const messageColumns = {
  ...getTableColumns(message),
  status: sql.raw(MESSAGE_STATUS_SQL) as SQL<MessageStatus>,
  selectedAt: sql.raw(SELECTED_AT_SQL).mapWith(message.selectedAt) as SQL<Date | null>,
};

/** The columns selected for a ChatSummary. */
export const chatSummaryColumns = {
  id: chat.id,
  title: chat.title,
  titlePending: chat.titlePending,
  modelRef: chat.modelRef,
  createdAt: chat.createdAt,
  updatedAt: chat.updatedAt,
  // Raw SQL: in a query of one table drizzle omits the table of a column, and "id" alone would be
  // the run's.
  live: sql<boolean>`exists (
    select 1 from run where run.chat_id = chat.id and run.status = 'running')`,
  interrupted: sql<boolean>`coalesce((
    select run.status = 'interrupted' and exists (
      select 1 from message where message.id = run.message_id and message.deleted_at is null)
    from run where run.chat_id = chat.id
    order by run.created_at desc limit 1), false)`,
};

export function toChatSummary<Row extends { createdAt: Date; updatedAt: Date }>(
  row: Row,
): Omit<Row, 'createdAt' | 'updatedAt'> & Pick<ChatSummary, 'createdAt' | 'updatedAt'> {
  return {
    ...row,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** @param siblingIds ids of all siblings of the message, if there are several */
export function toStoredMessage(row: MessageRow, siblingIds?: string[]): StoredMessage {
  return {
    id: row.id,
    chatId: row.chatId,
    parentId: row.parentId,
    role: row.role,
    parts: row.parts,
    annotations:
      row.role === 'assistant' && row.status !== 'running' ? [runEndedAnnotation(row)] : [],
    status: row.status,
    modelRef: row.modelRef,
    createdAt: row.createdAt.toISOString(),
    ...(siblingIds && { versions: siblingIds }),
  };
}

/** Rebuilds the annotation that the run wrote into the stream when it ended. */
function runEndedAnnotation(row: MessageRow): RunEndedAnnotation {
  const error =
    row.error ?? (row.status === 'failed' ? new AppError('answer_save_failed').toBody() : null);
  return {
    type: 'run-ended',
    status: row.status as RunEndedAnnotation['status'],
    ...(error && { error }),
    ...(row.modelRef && { modelRef: row.modelRef }),
    ...(row.usage && { usage: row.usage }),
    ...(row.timing && { timing: row.timing }),
    ...(row.finishedAt && { endedAt: row.finishedAt.toISOString() }),
    ...(row.finishReason && { finishReason: row.finishReason }),
  };
}
