import { randomUUID } from 'node:crypto';
import { desc, eq } from 'drizzle-orm';
import type { Identity } from '@/lib/auth/identity';
import { signOutTrigger } from '@/lib/auth/session-cache';
import { streamAnswer } from '@/lib/chat/answer';
import { branchTo } from '@/lib/chat/branch';
import { publishEvent } from '@/lib/chat/live-events';
import { acquireStreamSlot, onStreamEnd, signOutTriggerWithRelease } from '@/lib/chat/open-streams';
import { acquireRunSlot } from '@/lib/chat/run-slots';
import { openRunStream, type RunStream } from '@/lib/chat/stream-of-run';
import { generateTitle } from '@/lib/chat/title';
import { type AlreadyAnswered, type ChatState, type PlannedTurn, planTurn } from '@/lib/chat/turn';
import { readChatState, writeTurn } from '@/lib/chat/turn-rows';
import { getConfig } from '@/lib/config';
import { db, isUniqueViolation } from '@/lib/db/client';
import { retryOnOutage } from '@/lib/db/read-again';
import { run } from '@/lib/db/schema';
import { AppError } from '@/lib/errors';
import { withKeyedLock } from '@/lib/in-turn';
import type { Recipient } from '@/lib/large-body';
import { type ResolvedModel, resolveModel } from '@/lib/models';
import { runDetached } from '@/lib/outside-request';
import type { SendMessageBody } from '@/lib/protocol/api';
import { followRun } from '@/lib/runs/follow';
import { runHub } from '@/lib/runs/hub';
import type { LiveRun } from '@/lib/runs/live-run';
import type { EndTrigger } from '@/lib/runs/log';
import { presence } from '@/lib/runs/presence';
import { startRun } from '@/lib/runs/start';

/** A chat that changes between the look and the write is looked at again, so often. */
const MAX_ATTEMPTS = 5;

export type SentMessage = RunStream & {
  /** What goes on after the response: the run itself and the chat's naming. */
  background: Promise<unknown>;
};

/**
 * Takes a person's message and starts the run that answers it, or that goes on with the answer.
 *
 * Idempotent by the message's id (and by `answerId` where an answer is made anew): a repeated send
 * follows the run that is already there. The message, its answer's row and the run are written
 * together or not at all.
 *
 * @throws AppError chat_not_found, model_not_found, no_model, run_live, answer_unsaved,
 *   conversation_moved, conflict, too_many_runs, too_many_runs_here, too_many_windows, server_busy,
 *   too_much_unread, shutting_down
 */
export async function sendMessage(
  identity: Identity,
  body: SendMessageBody,
  address: string,
): Promise<SentMessage> {
  // A message that is sent again opens another stream of its answer.
  const releaseSlot = acquireStreamSlot('answers', identity.userId);
  try {
    return await runDetached(() => send(identity, body, address, releaseSlot));
  } catch (error) {
    releaseSlot();
    throw error;
  }
}

async function send(
  identity: Identity,
  body: SendMessageBody,
  address: string,
  releaseSlot: () => void,
): Promise<SentMessage> {
  if (runHub().isShuttingDown) throw new AppError('shutting_down');
  const model = await resolveModel(body.selectedChatModel);
  // Sends of one chat take turns, so that what is sent twice at once asks the model once.
  const result = await withKeyedLock(body.id, async () => {
    await runHub().waitUntilPersisted(body.id);
    return await startTurn(identity, body, model, address).catch(mapUnsavedError(body.id));
  });
  if ('answeredBy' in result) {
    const followed = await followAnswer(result.answeredBy, signOutTrigger(identity), {
      userId: identity.userId,
      address,
    });
    return { ...followed, stream: onStreamEnd(followed.stream, releaseSlot) };
  }

  const { liveRun, isNew } = result;
  const { id, chatId, messageId, ownerId } = liveRun.row;
  publishEvent(ownerId, { type: 'run-started', chatId, messageId });
  const titleGeneration = isNew
    ? generateTitle(liveRun, model, body.message.parts[0].text)
    : undefined;
  return {
    runId: id,
    messageId,
    stream: followRun(id, 0, { endOn: signOutTriggerWithRelease(identity, releaseSlot) }),
    background: Promise.all([liveRun.saved, titleGeneration]),
  };
}

async function startTurn(
  identity: Identity,
  body: SendMessageBody,
  model: ResolvedModel,
  address: string,
): Promise<AlreadyAnswered | { liveRun: LiveRun; isNew: boolean }> {
  const { userId } = identity;
  const { ref: modelRef } = model.info;
  const newAnswerId = body.answerId ?? randomUUID();
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const { chat, liveRuns } = await retryOnOutage(() => readChatState(body.id, userId));
    const turn = planTurn(body, userId, chat, newAnswerId);
    if ('answeredBy' in turn) return turn;
    if (liveRuns >= getConfig().maxRunsPerUser) throw new AppError('too_many_runs');
    const { answerId: messageId, firstLines } = turn;
    const row = {
      id: randomUUID(),
      chatId: body.id,
      messageId,
      ownerId: userId,
      epoch: 1,
      modelRef,
    };
    const releaseRunSlot = acquireRunSlot(address);
    const liveRun = await startRun({
      row,
      firstLines,
      createSource: (started) => createAnswerSource(started, body, chat, turn, model),
      writeRow: () =>
        // Written after all though its connection failed, it is closed as interrupted.
        writeTurn({
          ...{ identity, chatId: body.id, version: chat?.version ?? null, modelRef, turn },
          run: { id: row.id, owner: presence().id },
        }).catch(mapIdConflict),
    }).catch((error) => {
      releaseRunSlot();
      throw error;
    });
    if (!liveRun) releaseRunSlot();
    else void liveRun.saved.then(releaseRunSlot, releaseRunSlot);
    if (liveRun) return { liveRun, isNew: chat === null };
  }
  throw new AppError('conversation_moved');
}

/** An answer that has ended and cannot be saved is not "still being written". */
const mapUnsavedError = (chatId: string) => (error: unknown) => {
  const isUnsaved = runHub().unsavedRunOf(chatId)?.isFinished;
  if (!isUnsaved || AppError.from(error).code !== 'run_live') throw error;
  throw new AppError('answer_unsaved', { cause: error });
};

function mapIdConflict(error: unknown): never {
  if (isUniqueViolation(error, 'run_one_live')) throw new AppError('run_live', { cause: error });
  if (isUniqueViolation(error, 'message_pkey')) throw new AppError('conflict', { cause: error });
  throw error;
}

function createAnswerSource(
  liveRun: LiveRun,
  body: SendMessageBody,
  chat: ChatState | null,
  { question, questionId, continueFrom }: PlannedTurn,
  model: ResolvedModel,
) {
  const newQuestion = question && { ...question, role: 'user' as const, parts: body.message.parts };
  const all = [...(chat?.messages ?? []), ...(newQuestion ? [newQuestion] : [])];
  return streamAnswer(liveRun, {
    model,
    messages: branchTo(all, questionId),
    continueFrom: continueFrom?.parts ?? null,
    systemPrompt: chat?.systemPrompt ?? null,
    timeZone: body.timeZone,
  });
}

async function followAnswer(
  messageId: string,
  endOn: EndTrigger,
  recipient: Recipient,
): Promise<SentMessage> {
  const [existingRun] = await db()
    .select()
    .from(run)
    .where(eq(run.messageId, messageId))
    .orderBy(desc(run.createdAt))
    .limit(1);
  if (!existingRun) throw new AppError('conflict');
  return {
    ...(await openRunStream(existingRun, 0, endOn, recipient)),
    background: Promise.resolve(),
  };
}
