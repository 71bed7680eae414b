import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { expect, test } from '@/tests/support/e2e';
import type { ChatPage } from '@/tests/support/e2e-chat';
import { keyTimes, watchKeys } from '@/tests/support/e2e-keys';

/** For a busy machine with two cores; a quiet one takes 0.8 s. */
const USABLE_MS = 2_500;
/** A quiet machine takes 25 ms for the slowest, the very first ones included. */
const FIRST_KEY_MS = 100;
const KEY_MS = 75;

const MESSAGES = 1_000;
const ANSWER = [
  '## Part of a long conversation',
  'Some text with **bold words**, `code` and [a link](https://example.com), and more of it. '.repeat(
    4,
  ),
  '- one\n- two\n- three',
  '```ts\nconst answer = 42;\nconsole.log(answer);\n```',
].join('\n\n');

// A trace draws the page anew for itself, again and again.
test.use({ trace: 'off' });

test('a chat of 1,000 messages opens at its end and takes each key at once', async ({
  chat,
  page,
  database,
}) => {
  await chat.open();
  await chat.askAndWait('The first one');
  const id = await chat.chatId();
  await lengthen(database.url, id);
  await watchKeys(page);

  const openedAt = Date.now();
  await page.goto(`/chat/${id}`, { waitUntil: 'commit' });
  await expect(page.getByText(`Question ${MESSAGES / 2}`, { exact: true })).toBeInViewport();
  await chat.ready();
  const usableMs = Date.now() - openedAt;
  const early = await slowestKey(chat, 'First keys');
  const later = await slowestKey(chat, 'Each key is there at once');
  const report = `usable after ${usableMs} ms; the slowest key took ${early} ms at once after that, ${later} ms later`;
  test.info().annotations.push({ type: 'measured', description: report });
  process.stdout.write(`  A chat of ${MESSAGES} messages: ${report}\n`);
  expect(usableMs).toBeLessThan(USABLE_MS);
  expect(early).toBeLessThan(FIRST_KEY_MS);
  expect(later).toBeLessThan(KEY_MS);

  await chat.field.press('Enter');
  await expect(chat.answer).toContainText('You said: Each key is there');
});

/** Types a text. @returns how long the slowest key took, in whole ms */
async function slowestKey(chat: ChatPage, text: string): Promise<number> {
  await chat.field.fill('');
  await chat.field.pressSequentially(text, { delay: 30 });
  await expect(chat.field).toHaveValue(text);
  return (await keyTimes(chat.page, text.length)).at(-1) as number;
}

/** Adds turns to a chat of one turn, up to MESSAGES messages. */
async function lengthen(url: string, chatId: string): Promise<void> {
  const sql = postgres(url, { max: 1 });
  const [last] = await sql`
    select id, model_ref, created_at from message
    where chat_id = ${chatId} and role = 'assistant'`;
  let parent = last?.id as string;
  const start = (last as { created_at: Date }).created_at.getTime();
  const rows = Array.from({ length: MESSAGES - 2 }, (_, index) => {
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
