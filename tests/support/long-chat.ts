import { randomUUID } from 'node:crypto';
import postgres from 'postgres';

const ANSWER = [
  '## Part of a long conversation',
  'Some text with **bold words**, `code` and [a link](https://example.com), and more of it. '.repeat(
    4,
  ),
  '- one\n- two\n- three',
  '```ts\nconst answer = 42;\nconsole.log(answer);\n```',
].join('\n\n');

/**
 * Adds turns to a chat of one turn until it has `messages` messages. The user messages are
 * `Question 2`, `Question 3`, ...
 */
export async function addMessages(
  databaseUrl: string,
  chatId: string,
  messages: number,
): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1 });
  const [last] = await sql`
    select id, model_ref, created_at from message
    where chat_id = ${chatId} and role = 'assistant'`;
  let parent = last?.id as string;
  const start = (last as { created_at: Date }).created_at.getTime();
  const rows = Array.from({ length: messages - 2 }, (_, index) => {
    const role = index % 2 === 0 ? 'user' : 'assistant';
    const text = role === 'user' ? `Question ${index / 2 + 2}` : ANSWER;
    const row = {
      id: randomUUID(),
      chat_id: chatId,
      parent_id: parent,
      role,
      parts: sql.json([{ type: 'text', text }]) as never,
      status: 'complete',
      model_ref: last?.model_ref as string,
      created_at: new Date(start + index + 1),
    };
    parent = row.id;
    return row;
  });
  await sql`insert into message ${sql(rows)}`;
  await sql.end();
}
