import { randomUUID } from 'node:crypto';
import { desc, eq } from 'drizzle-orm';
import type { Identity } from '@/lib/auth/identity';
import { answer } from '@/lib/chat/answer';
import { branchTo } from '@/lib/chat/branch';
import { tellLive } from '@/lib/chat/live-events';
import { type RunStream, streamOfRun } from '@/lib/chat/stream-of-run';
import { nameChat } from '@/lib/chat/title';
import { type Answered, type ChatState, planTurn, type Turn } from '@/lib/chat/turn';
import { readChatState, writeTurn } from '@/lib/chat/turn-rows';
import { getConfig } from '@/lib/config';
import { db, isUniqueViolation } from '@/lib/db/client';
import { run } from '@/lib/db/schema';
import { AppError } from '@/lib/errors';
import { type ResolvedModel, resolveModel } from '@/lib/models';
import type { SendMessageBody } from '@/lib/protocol/api';
import { followRun } from '@/lib/runs/follow';
import { runHub } from '@/lib/runs/hub';
import type { LiveRun, RunRow } from '@/lib/runs/live-run';
import { presence } from '@/lib/runs/presence';
import { startRun } from '@/lib/runs/start';

/** A chat that changes between the look and the write is looked at again, so often. */
const ATTEMPTS = 5;

export type SentMessage = RunStream & {
  /** What goes on after the response: the run itself and the chat's naming. */
  background: Promise<unknown>;
};

type Begun = { row: RunRow; chat: ChatState | null; turn: Turn };

/**
 * Takes a person's message and starts the run that answers it, or that goes on with the answer.
 *
 * Idempotent by the message's id (and by `retryOf` where an answer is made anew): a repeated send
 * follows the run that is already there. The message, its answer's row and the run are written
 * together or not at all.
 *
 * @throws AppError chat_not_found, model_not_found, no_model, run_live, conversation_moved, conflict,
 *   too_many_runs, shutting_down
 */
export async function sendMessage(identity: Identity, body: SendMessageBody): Promise<SentMessage> {
  if (runHub().closing) throw new AppError('shutting_down');
  const model = await resolveModel(body.selectedChatModel);
  await runHub().shownIsSaved(body.id);
  const begun = await beginTurn(identity, body, model.info.ref);
  if ('answeredBy' in begun) return await followAnswer(begun.answeredBy);

  const { row, chat, turn } = begun;
  const live = startRun(row, turn.firstLines, (started) => answerTurn(started, body, begun, model));
  const { chatId, messageId } = row;
  tellLive(row.ownerId, { type: 'run-started', chatId, messageId });
  const naming = chat ? undefined : nameChat(live, model, body.message.parts[0].text);
  return {
    runId: row.id,
    messageId,
    stream: followRun(row.id),
    background: Promise.all([live.saved, naming]),
  };
}

async function beginTurn(
  identity: Identity,
  body: SendMessageBody,
  modelRef: string,
): Promise<Begun | Answered> {
  const { userId } = identity;
  const run = { id: randomUUID(), owner: presence().id };
  const newAnswerId = randomUUID();
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const { chat, liveRuns } = await readChatState(body.id, userId);
    const turn = planTurn(body, userId, chat, newAnswerId);
    if ('answeredBy' in turn) return turn;
    if (liveRuns >= getConfig().maxRunsPerPerson) throw new AppError('too_many_runs');
    const version = chat?.version ?? null;
    const rows = { identity, chatId: body.id, version, modelRef, run, turn };
    if (await writeTurn(rows).catch(refuseTakenId)) {
      const { answerId: messageId } = turn;
      const row = { id: run.id, chatId: body.id, messageId, ownerId: userId, epoch: 1, modelRef };
      return { row, chat, turn };
    }
  }
  throw new AppError('conversation_moved');
}

function refuseTakenId(error: unknown): never {
  if (isUniqueViolation(error, 'run_one_live')) throw new AppError('run_live', { cause: error });
  if (isUniqueViolation(error, 'message_pkey')) throw new AppError('conflict', { cause: error });
  throw error;
}

function answerTurn(
  live: LiveRun,
  body: SendMessageBody,
  { chat, turn }: Begun,
  model: ResolvedModel,
) {
  const { question, questionId, goesOn } = turn;
  const asked = question && {
    ...question,
    role: 'user' as const,
    parts: body.message.parts,
  };
  const all = [...(chat?.messages ?? []), ...(asked ? [asked] : [])];
  return answer(live, {
    model,
    messages: branchTo(all, questionId),
    goesOn: goesOn?.parts ?? null,
    systemPrompt: chat?.systemPrompt ?? null,
  });
}

async function followAnswer(messageId: string): Promise<SentMessage> {
  const [known] = await db()
    .select()
    .from(run)
    .where(eq(run.messageId, messageId))
    .orderBy(desc(run.createdAt))
    .limit(1);
  if (!known) throw new AppError('conflict');
  return { ...(await streamOfRun(known, 0)), background: Promise.resolve() };
}
