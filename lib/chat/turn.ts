/** The rows of one turn: a person's message, the answer to be made, and the run that makes it. */
import { asc, eq, sql } from 'drizzle-orm';
import type { Identity } from '@/lib/auth/identity';
import { activeBranch } from '@/lib/chat/branch';
import type { ChatRow } from '@/lib/chat/require-chat';
import type { Queryable } from '@/lib/db/client';
import { storableText } from '@/lib/db/json';
import { chat, message, run } from '@/lib/db/schema';
import { AppError } from '@/lib/errors';
import type { SendMessageBody } from '@/lib/protocol/api';
import type { MessagePart, MessageStatus } from '@/lib/protocol/messages';
import type { RunRow } from '@/lib/runs/live-run';

type TreeMessage = {
  id: string;
  parentId: string | null;
  role: 'user' | 'assistant';
  parts: MessagePart[];
  status: MessageStatus;
};

export type Turn =
  /** The send repeats one that was taken already: the assistant message that answers it. */
  | { answeredBy: string }
  | {
      run: RunRow;
      questionId: string;
      /** All messages of the chat, the question included, oldest first. */
      messages: TreeMessage[];
      systemPrompt: string | null;
      /** Whether this is the chat's first turn. */
      isFirst: boolean;
    };

type Plan = {
  identity: Identity;
  body: SendMessageBody;
  modelRef: string;
  ids: { run: string; answer: string; instance: string };
};

/**
 * Writes the rows of a turn, within a transaction of the caller's.
 * @throws AppError chat_not_found, run_live, conversation_moved, conflict; the database's unique
 *   violations of `run_one_live` and `message_pkey` where another send is quicker
 */
export async function planTurn(tx: Queryable, plan: Plan): Promise<Turn> {
  const { identity, body, modelRef, ids } = plan;
  const owned = await openChat(tx, identity, body.id, modelRef);
  const messages = owned.isNew ? [] : await readMessages(tx, body.id);

  const known = messages.find(({ id }) => id === body.message.id);
  if (known && known.role !== 'user') throw new AppError('conflict');
  const answered = known && newestAnswer(messages, known.id);
  if (answered && answered.id !== body.retryOf) return { answeredBy: answered.id };
  if (answered?.status === 'running') throw new AppError('run_live');
  if (!known) {
    if (body.retryOf) throw new AppError('conversation_moved');
    messages.push(await addQuestion(tx, body, messages));
  }
  await addAnswer(tx, plan);
  if (!owned.isNew) await touchChat(tx, body.id, modelRef);
  return {
    run: {
      id: ids.run,
      chatId: body.id,
      messageId: ids.answer,
      ownerId: identity.userId,
      epoch: 1,
      modelRef,
    },
    questionId: body.message.id,
    messages,
    systemPrompt: owned.systemPrompt,
    isFirst: owned.isNew,
  };
}

/** The chat, made by its first message. */
async function openChat(
  tx: Queryable,
  identity: Identity,
  chatId: string,
  modelRef: string,
): Promise<Pick<ChatRow, 'systemPrompt'> & { isNew: boolean }> {
  const [made] = await tx
    .insert(chat)
    .values({ id: chatId, ownerId: identity.userId, workroomId: identity.workroomId, modelRef })
    .onConflictDoNothing()
    .returning({ systemPrompt: chat.systemPrompt });
  if (made) return { ...made, isNew: true };
  const [found] = await tx
    .select({ ownerId: chat.ownerId, systemPrompt: chat.systemPrompt })
    .from(chat)
    .where(eq(chat.id, chatId));
  if (found?.ownerId !== identity.userId) throw new AppError('chat_not_found');
  return { systemPrompt: found.systemPrompt, isNew: false };
}

function readMessages(tx: Queryable, chatId: string): Promise<TreeMessage[]> {
  return tx
    .select({
      id: message.id,
      parentId: message.parentId,
      role: message.role,
      parts: message.parts,
      status: message.status,
    })
    .from(message)
    .where(eq(message.chatId, chatId))
    .orderBy(asc(message.createdAt));
}

function newestAnswer(messages: TreeMessage[], questionId: string): TreeMessage | undefined {
  return messages.filter(({ parentId }) => parentId === questionId).at(-1);
}

/** The new message goes behind the last one of the shown branch, and nowhere else. */
async function addQuestion(
  tx: Queryable,
  body: SendMessageBody,
  messages: TreeMessage[],
): Promise<TreeMessage> {
  const last = activeBranch(messages).at(-1);
  if (last?.status === 'running') throw new AppError('run_live');
  if ((last?.id ?? null) !== body.parentId) throw new AppError('conversation_moved');
  const [{ text }] = body.message.parts;
  const question: TreeMessage = {
    id: body.message.id,
    parentId: body.parentId,
    role: 'user',
    parts: [{ type: 'text', text: storableText(text) }],
    status: 'complete',
  };
  await tx.insert(message).values({ ...question, chatId: body.id, finishedAt: sql`now()` });
  return question;
}

async function addAnswer(tx: Queryable, { identity, body, modelRef, ids }: Plan): Promise<void> {
  await tx.insert(message).values({
    id: ids.answer,
    chatId: body.id,
    parentId: body.message.id,
    role: 'assistant',
    parts: [],
    status: 'running',
    modelRef,
    // Behind the question, which bears the transaction's time too.
    createdAt: sql`now() + interval '1 millisecond'`,
  });
  await tx.insert(run).values({
    id: ids.run,
    chatId: body.id,
    messageId: ids.answer,
    ownerId: identity.userId,
    status: 'running',
    ownerInstance: ids.instance,
  });
}

async function touchChat(tx: Queryable, chatId: string, modelRef: string): Promise<void> {
  await tx.update(chat).set({ updatedAt: sql`now()`, modelRef }).where(eq(chat.id, chatId));
}
