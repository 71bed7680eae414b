import { randomUUID } from 'node:crypto';
import { and, desc, eq } from 'drizzle-orm';
import type { Identity } from '@/lib/auth/identity';
import { answer } from '@/lib/chat/answer';
import { branchTo } from '@/lib/chat/branch';
import { type RunStream, streamOfRun } from '@/lib/chat/stream-of-run';
import { nameChat } from '@/lib/chat/title';
import { planTurn, type Turn } from '@/lib/chat/turn';
import { db, isUniqueViolation } from '@/lib/db/client';
import { run } from '@/lib/db/schema';
import { AppError } from '@/lib/errors';
import { type ResolvedModel, resolveModel } from '@/lib/models';
import type { SendMessageBody } from '@/lib/protocol/api';
import { followRun } from '@/lib/runs/follow';
import { runHub } from '@/lib/runs/hub';
import type { LiveRun } from '@/lib/runs/live-run';
import { presence } from '@/lib/runs/presence';
import { startRun } from '@/lib/runs/start';

export type SentMessage = RunStream & {
  /** What goes on after the response: the run itself and the chat's naming. */
  background: Promise<unknown>;
};

/**
 * Takes a person's message and starts the run that answers it.
 *
 * Idempotent by the message's id (and by `retryOf` where an answer is made anew): a repeated send
 * follows the run that is already there. The message, its answer's row and the run are written
 * together or not at all.
 *
 * @throws AppError chat_not_found, model_not_found, no_model, run_live, conversation_moved, conflict,
 *   shutting_down
 */
export async function sendMessage(identity: Identity, body: SendMessageBody): Promise<SentMessage> {
  if (runHub().closing) throw new AppError('shutting_down');
  const model = await resolveModel(body.selectedChatModel);
  await runHub().shownIsSaved(body.id);
  const turn = await writeTurn(identity, body, model.info.ref);
  if ('answeredBy' in turn) return await followAnswer(turn.answeredBy);

  const live = startRun(turn.run, (started) => answerTurn(started, turn, model));
  const naming = turn.isFirst ? nameChat(live, model, body.message.parts[0].text) : undefined;
  return {
    runId: live.row.id,
    messageId: live.row.messageId,
    stream: followRun(live.row.id),
    background: Promise.all([live.saved, naming]),
  };
}

async function writeTurn(
  identity: Identity,
  body: SendMessageBody,
  modelRef: string,
): Promise<Turn> {
  const ids = { run: randomUUID(), answer: randomUUID(), instance: presence().id };
  try {
    return await db().transaction((tx) => planTurn(tx, { identity, body, modelRef, ids }));
  } catch (error) {
    if (isUniqueViolation(error, 'run_one_live')) throw new AppError('run_live', { cause: error });
    // Two sends of one message at the same moment: the other one was first.
    if (isUniqueViolation(error, 'message_pkey')) throw new AppError('conflict', { cause: error });
    throw error;
  }
}

function answerTurn(
  live: LiveRun,
  turn: Exclude<Turn, { answeredBy: string }>,
  model: ResolvedModel,
) {
  return answer(live, {
    model,
    messages: branchTo(turn.messages, turn.questionId),
    systemPrompt: turn.systemPrompt,
  });
}

async function followAnswer(messageId: string): Promise<SentMessage> {
  const [known] = await db()
    .select()
    .from(run)
    .where(and(eq(run.messageId, messageId)))
    .orderBy(desc(run.createdAt))
    .limit(1);
  if (!known) throw new AppError('conflict');
  return { ...(await streamOfRun(known, 0)), background: Promise.resolve() };
}
