import { connect } from '@/lib/server/db/client';

const MESSAGES_PER_CHAT = 20;
const CHATS_PER_OWNER = 25;

/** Inserts chats of many other users into a database: messages, and a run for every answer. */
export async function seedOtherUsers(url: string, messages: number): Promise<void> {
  const chats = messages / MESSAGES_PER_CHAT;
  const sql = connect(url, 1);
  try {
    await sql`
      create temp table other as
      select gen_random_uuid() as id, i, now() - i * interval '1 minute' as at
      from generate_series(1, ${chats}::int) i`;
    await sql`
      insert into chat (id, owner_id, title, title_pending, created_at, updated_at)
      select id, 'other-' || i / ${CHATS_PER_OWNER}, 'Chat ' || i, false, at, at from other`;
    await sql`
      insert into message (id, chat_id, role, parts, status, created_at, finished_at)
      select gen_random_uuid(), other.id,
        case when j % 2 = 0 then 'user' else 'assistant' end,
        jsonb_build_array(jsonb_build_object('type', 'text', 'text',
          repeat(md5(i::text || j::text) || ' ', 10))),
        'complete', at + j * interval '1 second', at + j * interval '1 second'
      from other, generate_series(0, ${MESSAGES_PER_CHAT - 1}::int) j`;
    await sql`
      insert into run (id, chat_id, message_id, owner_id, status, owner_instance,
        created_at, finished_at)
      select gen_random_uuid(), chat_id, message.id, owner_id, 'complete', 'earlier',
        message.created_at, message.created_at
      from message join chat on chat.id = chat_id where role = 'assistant'`;
    await sql`vacuum analyze`;
    await sql`checkpoint`;
  } finally {
    await sql.end();
  }
}
