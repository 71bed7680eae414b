import { randomUUID } from 'node:crypto';
import postgres, { type Sql } from 'postgres';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ChatDetail, ForkChatBody } from '@/lib/protocol/api';
import { purgeChats } from '@/lib/server/chat/purge-chats';
import { scenario } from '@/tests/support/model-server/scenario-line';
import { QueueTab } from '@/tests/support/queue-tab';
import { startApp } from '@/tests/support/services';
import { TestUser } from '@/tests/support/test-user';
import { waitUntil } from '@/tests/support/wait-until';
import { DocumentChat, saveBody } from './document-chat';
import { setUpInstallation } from './installation';

const installation = setUpInstallation();
let sql: Sql;
let otherSql: Sql;

beforeAll(() => {
  [sql, otherSql] = [1, 2].map(() => postgres(installation.database.url, { max: 2 })) as [Sql, Sql];
  return () => Promise.all([sql.end(), otherSql.end()]);
});

/** Keeps a deleted chat from being removed, however long the test takes. */
const keepDeleted = (chatId: string) =>
  sql`update chat set deleted_at = deleted_at + interval '1 day' where id = ${chatId}`;

const deleteChat = (chatId: string, user = installation.user) =>
  user.fetch(`/api/chat/${chatId}`, { method: 'DELETE' });
const restoreChat = (chatId: string, user = installation.user) =>
  user.fetch(`/api/chat/${chatId}/restore`, { method: 'POST' });

async function listedIds(): Promise<string[]> {
  const { chats } = await installation.user.getHistory('?limit=100');
  return chats.map(({ id }) => id);
}

async function storedIds(): Promise<string[]> {
  return (await sql<Array<{ id: string }>>`select id from chat`).map(({ id }) => id);
}

describe('a deleted chat', () => {
  it('is gone for every request, and whole again once it is restored', async () => {
    const { user } = installation;
    const chat = new DocumentChat(user);
    const documentId = await chat.createDocument({ title: 'Plan' });
    await chat.save(documentId, saveBody('mine', 1));
    const before = await waitUntil(async () => {
      const detail = await user.getChat(chat.chatId);
      expect(detail.chat.titlePending).toBe(false);
      return detail;
    });
    const [message, answer] = before.messages;
    const { chatId } = chat;
    expect((await deleteChat(chatId)).status).toBe(204);
    await keepDeleted(chatId);

    const put = (path: string, method: string, body: unknown) =>
      user.fetch(path, {
        method,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const body = user.messageBody('More', { id: chatId, parentId: answer?.id as string });
    const requests: Array<[name: string, response: Promise<Response>]> = [
      ['read', user.fetch(`/api/chat/${chatId}`)],
      ['read settings', user.fetch(`/api/chat/${chatId}/settings`)],
      ['read documents', user.fetch(`/api/chat/${chatId}/documents`)],
      ['resume', user.fetch(`/api/chat?chatId=${chatId}`)],
      ['rename', put(`/api/chat/${chatId}`, 'PATCH', { title: 'New' })],
      ['select', put(`/api/chat/${chatId}/branch`, 'PUT', { messageId: answer?.id })],
      ['delete a version', put(`/api/chat/${chatId}/message/${message?.id}`, 'DELETE', {})],
      ['restore a version', user.post(`/api/chat/${chatId}/message/${message?.id}/restore`, {})],
      ['fork', user.post(`/api/chat/${chatId}/fork`, { id: randomUUID(), messageId: answer?.id })],
      ['stop', user.post(`/api/chat/${chatId}/stop`, {})],
      ['delete', deleteChat(chatId)],
      ['send', user.post('/api/chat', body)],
      ['repeat the first send', user.post('/api/chat', { ...body, message, parentId: null })],
      ['read a document', user.fetch(`/api/document/${documentId}`)],
      ['read versions', user.fetch(`/api/document/${documentId}/versions`)],
      ['save', user.post(`/api/document/${documentId}/versions`, saveBody('lost', 2))],
      ['rename a document', put(`/api/document/${documentId}`, 'PATCH', { title: 'New' })],
    ];
    for (const [name, response] of requests)
      expect([name, (await response).status]).toEqual([name, 404]);
    expect(await listedIds()).not.toContain(chatId);

    const other = await TestUser.createGuest(installation.app.baseUrl);
    expect((await restoreChat(chatId, other)).status).toBe(404);
    // The second request changes nothing.
    for (const _ of [1, 2]) expect((await restoreChat(chatId)).status).toBe(200);
    expect(await user.getChat(chatId)).toEqual(before);
    expect(await chat.read(documentId)).toMatchObject({ content: 'mine', version: 2 });
    expect(await listedIds()).toContain(chatId);
    await (
      await user.send({ ...body, message: { ...body.message, id: randomUUID() } })
    ).readToEnd();
    expect((await user.getChat(chatId)).messages).toHaveLength(4);
  });

  it('that is restored has the whole answer that was running, and sends its queue', async () => {
    const { user, model } = installation;
    const chat = new DocumentChat(user);
    await chat.createDocument({ content: 'old' });
    const body = user.messageBody(
      scenario('update', {
        before: 'Now. ',
        holdCall: true,
        edits: [{ find: 'old', replace: 'new' }],
      }),
      { id: chat.chatId, parentId: (await user.getChat(chat.chatId)).messages.at(-1)?.id },
    );
    const answer = await user.send(body);
    await answer.readUntilText('Now. ');
    const queue = new QueueTab(user, chat.chatId);
    await queue.add('And then?');
    await deleteChat(chat.chatId);
    await keepDeleted(chat.chatId);
    model.release();
    expect((await answer.readToEnd()).runEnded?.status).toBe('complete');
    expect((await restoreChat(chat.chatId)).status).toBe(200);
    const stored = await waitUntil(async () => {
      const { messages } = await user.getChat(chat.chatId);
      expect(messages).toHaveLength(6);
      expect(messages[5]?.status).toBe('complete');
      return messages;
    });
    expect(stored[3]).toMatchObject({ status: 'complete', content: answer.text });
    expect((await chat.read((await chat.list())[0]?.id as string)).content).toBe('new');
    expect(stored[4]?.content).toBe('And then?');
  });

  it('is removed when it cannot be restored any more; its running answer is stopped', async () => {
    const { user, app, model } = installation;
    const second = await startApp({
      env: { POSTGRES_URL: installation.database.url, OPENAI_BASE_URL: model.baseUrl },
    });
    const [old, running, recent] = [
      user.messageBody('Old'),
      user.messageBody('[[scenario:tokens n=20 hold=10]]'),
      user.messageBody('Recent'),
    ] as const;
    for (const body of [old, recent]) await (await user.send(body)).readToEnd();
    const answer = await user.send(running);
    await answer.readUntilText('t9 ');
    // The other process deletes them.
    const elsewhere = user.onServer(second.baseUrl);
    for (const { id } of [old, running, recent])
      expect((await deleteChat(id, elsewhere)).status).toBe(204);
    await keepDeleted(recent.id);
    await sql`update chat set deleted_at = now() - interval '30 seconds'
      where id in ${sql([old.id, running.id])}`;
    // As by the jobs of several processes.
    await Promise.all([purgeChats(sql), purgeChats(otherSql), purgeChats(sql)]);
    expect((await answer.readToEnd()).runEnded?.status).toBe('stopped');
    expect(model.activeAnswers()).toBe(0);
    await waitUntil(async () => {
      await purgeChats(sql);
      expect(await storedIds()).not.toContain(running.id);
    });
    expect(await storedIds()).not.toContain(old.id);
    for (const { id } of [old, running]) expect((await restoreChat(id)).status).toBe(404);
    expect((await restoreChat(recent.id)).status).toBe(200);
    expect(app.logs()).not.toContain('deadlock');
    await second.stop();
  });

  it('can be restored after the process was killed', async () => {
    const { user, app } = installation;
    const body = user.messageBody('[[scenario:tokens n=20 hold=10]]');
    const answer = await user.send(body);
    await answer.readUntilText('t9 ');
    await deleteChat(body.id);
    await keepDeleted(body.id);
    await app.kill9();
    await app.restart();
    expect((await restoreChat(body.id)).status).toBe(200);
    const { messages } = await user.getChat(body.id);
    expect(messages[1]).toMatchObject({ status: 'interrupted' });
    expect(messages[1]?.content).toContain('t9 ');
  });
});

it.each([false, true])(
  'of a send and a deletion at the same time nothing is lost and nothing stays (temporary: %s)',
  async (temporary) => {
    const { user } = installation;
    for (let round = 0; round < 5; round += 1) {
      const first = user.messageBody('Hello', { settings: { temporary } });
      await (await user.send(first)).readToEnd();
      const parentId = (await user.getChat(first.id)).messages[1]?.id;
      const [sent, deleted] = await Promise.all([
        user.send(user.messageBody('[[scenario:tokens n=5]]', { id: first.id, parentId })),
        deleteChat(first.id),
      ]);
      expect(deleted.status).toBe(204);
      const isAccepted = sent.response.status === 200;
      if (isAccepted) await sent.readToEnd();
      // 409 if the chat was already removed when the send read it.
      else expect([404, 409]).toContain(sent.response.status);
      expect((await user.fetch(`/api/chat/${first.id}`)).status).toBe(404);
      if (temporary) {
        const rows = await sql`select 1 from chat where id = ${first.id}
          union all select 1 from message where chat_id = ${first.id}
          union all select 1 from run where chat_id = ${first.id}`;
        expect(rows).toEqual([]);
      } else {
        expect((await restoreChat(first.id)).status).toBe(200);
        expect((await user.getChat(first.id)).messages).toHaveLength(isAccepted ? 4 : 2);
      }
    }
  },
);

describe('a temporary chat', () => {
  const temporary = { settings: { temporary: true } };

  it('is not listed and gets no title, and so do its copies', async () => {
    const { user, model } = installation;
    const body = user.messageBody('In private [[scenario:tokens n=2]]', temporary);
    await (await user.send(body)).readToEnd();
    const detail = await user.json<ChatDetail>(`/api/chat/${body.id}`);
    expect(detail.chat).toMatchObject({ temporary: true, title: '', titlePending: false });
    const json: ForkChatBody = { id: randomUUID(), messageId: detail.messages[1]?.id as string };
    expect((await user.post(`/api/chat/${body.id}/fork`, json)).status).toBe(200);
    expect((await user.getChat(json.id)).chat).toMatchObject({ temporary: true, title: '' });
    const listed = await listedIds();
    for (const id of [body.id, json.id]) expect(listed).not.toContain(id);
    await user.fetch(`/api/chat/${body.id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'Between us' }),
    });
    expect(await user.json('/api/history/search?query=Between')).toEqual({ chats: [] });
    // A later chat that is not temporary has requested its title.
    await (await user.send(user.messageBody('In public [[scenario:tokens n=2]]'))).readToEnd();
    const titleRequestsWith = (text: string) =>
      model.requests.filter(
        ({ purpose, body }) => purpose === 'title' && JSON.stringify(body).includes(text),
      ).length;
    await expect.poll(() => titleRequestsWith('In public')).toBe(1);
    expect(titleRequestsWith('In private')).toBe(0);
  });

  it('stays temporary, and other chats do not become temporary', async () => {
    const { user } = installation;
    for (const settings of [{ temporary: true }, {}]) {
      const body = user.messageBody('Hello', { settings });
      await (await user.send(body)).readToEnd();
      const response = await user.fetch(`/api/chat/${body.id}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ title: 'Mine', temporary: !settings.temporary }),
      });
      expect(response.status).toBe(200);
      const { chat } = await user.getChat(body.id);
      expect(chat).toMatchObject({ temporary: settings.temporary ?? false, title: 'Mine' });
    }
  });

  it('is deleted at once on request, with its running answer', async () => {
    const { user } = installation;
    const body = user.messageBody('[[scenario:tokens n=3000 rate=50]]', temporary);
    const answer = await user.send(body);
    await answer.readUntilText('t3 ');
    expect((await deleteChat(body.id)).status).toBe(204);
    expect((await answer.readToEnd()).runEnded?.status).toBe('stopped');
    expect(await storedIds()).not.toContain(body.id);
    expect((await restoreChat(body.id)).status).toBe(404);
  });

  it('is purged a day after its last use, but not while it is being answered', async () => {
    const { user, model } = installation;
    const edited = new DocumentChat(user);
    const documentId = await edited.createDocument();
    await sql`update chat set temporary = true where id = ${edited.chatId}`;
    const [unused, used, running, normal] = [
      user.messageBody('Hello', temporary),
      user.messageBody('Hello', temporary),
      user.messageBody('[[scenario:tokens n=20 hold=10]]', temporary),
      user.messageBody('Hello'),
    ] as const;
    for (const body of [unused, used, normal]) await (await user.send(body)).readToEnd();
    const answer = await user.send(running);
    await answer.readUntilText('t9 ');
    const old = [unused.id, running.id, normal.id, edited.chatId];
    await sql`update chat set updated_at = now() - interval '25 hours' where id = any(${old})`;
    await purgeChats(sql);
    const stored = await storedIds();
    expect(stored).not.toContain(unused.id);
    expect(stored).toEqual(expect.arrayContaining([used.id, running.id, normal.id, edited.chatId]));
    await sql`update document_version set created_at = now() - interval '25 hours'
      where document_id = ${documentId}`;
    await purgeChats(sql);
    expect(await storedIds()).not.toContain(edited.chatId);
    model.release();
    expect((await answer.readToEnd()).runEnded?.status).toBe('complete');
  });
});
