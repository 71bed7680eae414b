import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ChatSummary } from '@/lib/protocol/api';
import type { StoredMessage } from '@/lib/protocol/messages';
import { textOf } from '@/lib/protocol/text-of';
import { TestUser } from '@/tests/support/test-user';
import { DocumentChat, saveBody } from './document-chat';
import { setUpInstallation } from './installation';

const installation = setUpInstallation();

function fork(chatId: string, messageId: string, id = randomUUID(), user = installation.user) {
  return user.post(`/api/chat/${chatId}/fork`, { id, messageId });
}

async function forkChat(chatId: string, messageId: string): Promise<string> {
  const response = await fork(chatId, messageId);
  expect(response.status).toBe(200);
  return ((await response.json()) as ChatSummary).id;
}

/** What a copy has in common with the original. */
const contentOf = ({ role, parts, status, createdAt, modelRef }: StoredMessage) => ({
  ...{ role, text: textOf(parts), status, createdAt, modelRef },
});

describe('a new chat from a message', () => {
  it('has the messages up to there and the documents as they were, under ids of its own', async () => {
    const { user } = installation;
    const chat = new DocumentChat(user);
    const documentId = await chat.createDocument({ title: 'Plan' });
    await chat.save(documentId, saveBody('mine', 1));
    await chat.runScenario('tokens', { n: 3 });
    await chat.save(documentId, saveBody('later', 2));
    const { messages, chat: original } = await user.getChat(chat.chatId);

    const early = await user.getChat(await forkChat(chat.chatId, messages[1]?.id as string));
    expect(early.chat.title).toBe(original.title);
    for (const { id } of early.messages) expect(messages.map((each) => each.id)).not.toContain(id);
    const copies = await user.json<Array<{ id: string; version: number }>>(
      `/api/chat/${early.chat.id}/documents`,
    );
    expect(copies).toMatchObject([{ title: 'Plan', version: 2 }]);
    const copyId = copies[0]?.id as string;
    expect(copyId).not.toBe(documentId);
    expect(await chat.read(copyId)).toMatchObject({ content: 'mine', version: 2, baseVersion: 1 });
    expect((await chat.versions(copyId)).at(-1)).toMatchObject({
      version: 1,
      messageId: early.messages[1]?.id,
    });
    const expected = JSON.stringify(messages.slice(0, 2).map(contentOf));
    expect(expected).toContain(documentId);
    expect(JSON.stringify(early.messages.map(contentOf))).toBe(
      expected.replaceAll(documentId, copyId),
    );
    expect(JSON.stringify(early.messages)).not.toContain(documentId);

    const late = await user.getChat(await forkChat(chat.chatId, messages.at(-1)?.id as string));
    expect(late.messages.slice(2).map(contentOf)).toEqual(messages.slice(2).map(contentOf));
    expect(await user.json(`/api/chat/${late.chat.id}/documents`)).toMatchObject([{ version: 3 }]);
    // The original is unchanged, and both go on independently.
    await chat.save(copyId, saveBody('in the copy', 2));
    expect(await chat.read(documentId)).toMatchObject({ content: 'later', version: 3 });
    expect((await user.getChat(chat.chatId)).messages).toEqual(messages);
  });

  it('is created once per id, and only by the owner, from a finished message of the chat', async () => {
    const { user, model, app } = installation;
    const body = user.messageBody('[[scenario:tokens n=2]] fork');
    await (await user.send(body)).readToEnd();
    const id = randomUUID();
    for (let i = 0; i < 2; i += 1) {
      const response = await fork(body.id, body.message.id, id);
      expect(await response.json()).toMatchObject({ id });
    }
    expect((await user.getChat(id)).messages).toHaveLength(1);

    const stranger = await TestUser.createGuest(app.baseUrl);
    const errorOf = async (response: Response) =>
      ((await response.json()) as { code: string }).code;
    const byStranger = await fork(body.id, body.message.id, randomUUID(), stranger);
    expect(await errorOf(byStranger)).toBe('chat_not_found');
    expect(await errorOf(await fork(body.id, randomUUID()))).toBe('not_found');
    const own = stranger.messageBody('[[scenario:tokens n=2]] own');
    await (await stranger.send(own)).readToEnd();
    // The id of another user's chat.
    expect(await errorOf(await fork(own.id, own.message.id, id, stranger))).toBe('conflict');
    model.setScenario('hang at=middle after=1');
    const { messages } = await user.getChat(body.id);
    const next = user.messageBody('running', { id: body.id, parentId: messages.at(-1)?.id });
    const running = await user.send(next);
    await running.readUntilText('t0');
    const runningId = running.response.headers.get('x-message-id') as string;
    expect(await errorOf(await fork(body.id, runningId))).toBe('run_in_progress');
    expect((await fork(body.id, next.message.id)).status).toBe(200);
    model.setScenario(null);
    await user.stop(body.id);
    await running.readToEnd();
  });
});
