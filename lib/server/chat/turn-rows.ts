/**
 * Reads and writes the rows of a turn in one statement each. Both run before the first token, so
 * they use postgres.js directly, which prepares a statement once per connection; drizzle's
 * statements are described by the server on every execution.
 */
import type { PendingQuery, Row } from 'postgres';
import {
  type ChatSettings,
  DEFAULT_CHAT_SETTINGS,
  type NewChatSettings,
} from '@/lib/protocol/chat-settings';
import { AppError } from '@/lib/protocol/errors';
import type { MessagePart } from '@/lib/protocol/messages';
import { withoutDeleted } from '@/lib/server/chat/branch';
import { CHAT_SETTINGS_SQL } from '@/lib/server/chat/chat-settings';
import type { ChatState, PlannedTurn, TreeMessage } from '@/lib/server/chat/plan-turn';
import { MESSAGE_STATUS_SQL, SELECTED_AT_SQL } from '@/lib/server/chat/rows';
import { sql as pool } from '@/lib/server/db/client';
import { toJsonb } from '@/lib/server/db/storable';
import { FIRST_SEQ } from '@/lib/server/runs/live-run';

/**
 * The settings as columns of a row of `chat` joined with one of its messages. Null if the message
 * has a parent: otherwise every row would repeat them.
 */
const SETTINGS_OF_ROOT_ROW = CHAT_SETTINGS_SQL.map(
  ({ key, column }) => `case when message.parent_id is null then chat.${column} end as "${key}"`,
).join(', ');

/**
 * Returns the chat with all messages that are not deleted, or null, and the number of the user's
 * live runs.
 * @throws AppError chat_not_found if the chat is deleted
 */
export async function readChatState(
  chatId: string,
  userId: string,
): Promise<{ chat: ChatState | null; liveRuns: number }> {
  type Joined = Omit<ChatState, 'messages' | 'settings'> &
    ChatSettings &
    TreeMessage & { liveRuns: number; isChatDeleted: boolean; isDeleted: boolean };
  const sql = pool();
  const rows = await sql<Joined[]>`
    select live.count as "liveRuns", chat.owner_id as "ownerId",
      chat.deleted_at is not null as "isChatDeleted",
      ${sql.unsafe(SETTINGS_OF_ROOT_ROW)}, chat.updated_at::text as version,
      message.id, message.parent_id as "parentId", message.role, message.parts,
      ${sql.unsafe(MESSAGE_STATUS_SQL)} as status,
      message.finish_reason as "finishReason", message.usage, message.timing,
      (extract(epoch from ${sql.unsafe(SELECTED_AT_SQL)}) * 1000)::float8 as "selectedAt",
      message.deleted_at is not null as "isDeleted"
    from (select count(*)::int as count from run where owner_id = ${userId} and status = 'running')
      as live
    left join chat on chat.id = ${chatId}
    left join message on message.chat_id = chat.id
    order by message.created_at`;
  const [first] = rows;
  const liveRuns = first?.liveRuns ?? 0;
  if (!first?.ownerId) return { chat: null, liveRuns };
  if (first.isChatDeleted) throw new AppError('chat_not_found');
  const { ownerId, version } = first;
  const root = rows.find(({ parentId }) => parentId === null) ?? first;
  const settings = Object.fromEntries(
    CHAT_SETTINGS_SQL.map(({ key }) => [key, root[key]]),
  ) as ChatSettings;
  const messages = withoutDeleted(rows.filter(({ id }) => id !== null)).map(
    ({ id, parentId, role, parts, status, finishReason, usage, timing, selectedAt }) => ({
      ...{ id, parentId, role, parts, status, finishReason, usage, timing, selectedAt },
    }),
  );
  return { chat: { ownerId, settings, version, messages }, liveRuns };
}

type Fragment = PendingQuery<Row[]>;

export type TurnRows = {
  /** The owner of the chat. */
  userId: string;
  chatId: string;
  /** `ChatState.version` that the turn was planned on; null for a new chat. */
  version: string | null;
  modelRef: string;
  /** The settings of a new chat. */
  settings: NewChatSettings;
  run: { id: string; owner: string };
  turn: PlannedTurn;
};

/**
 * Writes all rows of a turn, or none. A new message is no longer queued from then on, and messages
 * that are queued after the answers in `turn.queueFrom` wait for the new answer.
 * @returns false if the chat has changed since the turn was planned
 * @throws the unique violation of `message_pkey` if another chat has a message with that id
 */
export async function writeTurn(rows: TurnRows): Promise<boolean> {
  const { chatId, userId, run, turn } = rows;
  const sql = pool();
  const written = await sql`
    with chat_row as (${chatRow(rows)}), ${messageRows(rows)}, log_row as (
      insert into run_log (run_id, epoch, seq, data)
      select ${run.id}::uuid, 1, ${FIRST_SEQ}::int, ${turn.firstLines} from chat_row
    )${turn.newUserMessage ? sentRow(turn) : sql``}${turn.queueFrom.length > 0 ? movedRows(turn) : sql``}
    insert into run (id, chat_id, message_id, owner_id, status, owner_instance)
    select ${run.id}::uuid, ${chatId}::uuid, ${turn.answerId}::uuid, ${userId}, 'running',
      ${run.owner} from chat_row
    returning id`;
  return written.length > 0;
}

/** Returns one row if the chat is unchanged since the turn was planned, else none. */
function chatRow({ userId, chatId, version, modelRef, settings, turn }: TurnRows): Fragment {
  const sql = pool();
  if (version === null) {
    const values: ChatSettings = { ...DEFAULT_CHAT_SETTINGS, ...settings, modelRef };
    return sql`insert into chat (id, owner_id, title_pending, ${sql.unsafe(SETTINGS_COLUMNS)})
      select ${chatId}::uuid, owner.id, ${!values.temporary}::boolean, ${settingValues(values)}
      from (select id from "user" where id = ${userId} for key share) as owner
      on conflict do nothing returning id, updated_at`;
  }
  // Regenerating one answer with another model does not change the chat's model.
  const model = turn.newUserMessage ? sql`model_ref = ${modelRef},` : sql``;
  // Strictly increasing: two turns within a millisecond are two versions.
  return sql`update chat set ${model}
      updated_at = greatest(now(), updated_at + interval '1 millisecond')
    where id = ${chatId} and owner_id = ${userId} and updated_at = ${version}::text::timestamptz
      and deleted_at is null
    returning id, updated_at`;
}

/**
 * Every change of a queue changes the version of its chat, so the row is as it was when the turn
 * was planned if `chat_row` exists.
 */
function sentRow({ userMessageId }: PlannedTurn): Fragment {
  return pool()`, sent_row as (
    delete from queued_message using chat_row where queued_message.id = ${userMessageId})`;
}

/** A new turn also clears the reasons why messages could not be sent. */
function movedRows({ userMessageId, answerId, queueFrom }: PlannedTurn): Fragment {
  return pool()`, moved_rows as (
    update queued_message set answer_id = ${answerId}::uuid, error = null from chat_row
    where queued_message.answer_id = any(${queueFrom}::uuid[])
      and queued_message.id <> ${userMessageId})`;
}

const SETTINGS_COLUMNS = CHAT_SETTINGS_SQL.map(({ column }) => column).join(', ');

/** The values of `SETTINGS_COLUMNS`. */
function settingValues(settings: ChatSettings): Fragment[] {
  const sql = pool();
  return CHAT_SETTINGS_SQL.map(({ key, type }, index) => {
    const separator = sql.unsafe(index === 0 ? '' : ',');
    return sql`${separator} ${settings[key]}::${sql.unsafe(type)}`;
  });
}

function messageRows({ chatId, modelRef, turn }: TurnRows): Fragment {
  const sql = pool();
  const { newUserMessage, userMessageId, answerId, continueFrom } = turn;
  if (continueFrom) {
    return sql`answer_row as (
      update message set status = 'running', error = null, finished_at = null,
        model_ref = ${modelRef}, selected_at = chat_row.updated_at
      from chat_row where message.id = ${answerId})`;
  }
  // Sorts after the user message, whose time is that of the statement.
  const answer = sql`answer_row as (
    insert into message (id, chat_id, parent_id, role, parts, status, model_ref, created_at,
      selected_at)
    select ${answerId}::uuid, ${chatId}::uuid, ${userMessageId}::uuid, 'assistant', '[]'::jsonb,
      'running', ${modelRef}, now() + interval '1 millisecond', updated_at from chat_row)`;
  if (!newUserMessage) return answer;
  const parts: MessagePart[] = [{ type: 'text', text: newUserMessage.text }];
  return sql`user_message_row as (
    insert into message (id, chat_id, parent_id, role, parts, status, finished_at, selected_at)
    select ${newUserMessage.id}::uuid, ${chatId}::uuid, ${newUserMessage.parentId}::uuid, 'user',
      ${toJsonb(parts)}::text::jsonb, 'complete', now(), updated_at from chat_row), ${answer}`;
}
