import { randomUUID } from 'node:crypto';
import { desc, eq } from 'drizzle-orm';
import type { Identity } from '@/lib/auth/identity';
import { untilSignedOut } from '@/lib/auth/session-cache';
import { answer } from '@/lib/chat/answer';
import { branchTo } from '@/lib/chat/branch';
import { tellLive } from '@/lib/chat/live-events';
import { takeStreamPlace, untilSignedOutFrom, whenStreamEnds } from '@/lib/chat/open-streams';
import { takeRunSlot } from '@/lib/chat/run-slots';
import { type RunStream, streamOfRun } from '@/lib/chat/stream-of-run';
import { nameChat } from '@/lib/chat/title';
import { type Answered, type ChatState, planTurn, type Turn } from '@/lib/chat/turn';
import { readChatState, writeTurn } from '@/lib/chat/turn-rows';
import { getConfig } from '@/lib/config';
import { db, isUniqueViolation } from '@/lib/db/client';
import { readAgain } from '@/lib/db/read-again';
import { run } from '@/lib/db/schema';
import { AppError } from '@/lib/errors';
import { inTurn } from '@/lib/in-turn';
import type { Reader } from '@/lib/large-body';
import { type ResolvedModel, resolveModel } from '@/lib/models';
import { outsideRequest } from '@/lib/outside-request';
import type { SendMessageBody } from '@/lib/protocol/api';
import { followRun } from '@/lib/runs/follow';
import { runHub } from '@/lib/runs/hub';
import type { LiveRun } from '@/lib/runs/live-run';
import type { Until } from '@/lib/runs/log';
import { presence } from '@/lib/runs/presence';
import { startRun } from '@/lib/runs/start';

/** A chat that changes between the look and the write is looked at again, so often. */
const ATTEMPTS = 5;

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
  const givePlaceBack = takeStreamPlace('answers', identity.userId);
  try {
    return await outsideRequest(() => send(identity, body, address, givePlaceBack));
  } catch (error) {
    givePlaceBack();
    throw error;
  }
}

async function send(
  identity: Identity,
  body: SendMessageBody,
  address: string,
  givePlaceBack: () => void,
): Promise<SentMessage> {
  if (runHub().closing) throw new AppError('shutting_down');
  const model = await resolveModel(body.selectedChatModel);
  // Sends of one chat take turns, so that what is sent twice at once asks the model once.
  const begun = await inTurn(body.id, async () => {
    await runHub().endedIsSaved(body.id);
    return await begin(identity, body, model, address).catch(tellUnsaved(body.id));
  });
  if ('answeredBy' in begun) {
    const followed = await followAnswer(begun.answeredBy, untilSignedOut(identity), {
      userId: identity.userId,
      address,
    });
    return { ...followed, stream: whenStreamEnds(followed.stream, givePlaceBack) };
  }

  const { live, isNew } = begun;
  const { id, chatId, messageId, ownerId } = live.row;
  tellLive(ownerId, { type: 'run-started', chatId, messageId });
  const naming = isNew ? nameChat(live, model, body.message.parts[0].text) : undefined;
  return {
    runId: id,
    messageId,
    stream: followRun(id, 0, { until: untilSignedOutFrom(identity, givePlaceBack) }),
    background: Promise.all([live.saved, naming]),
  };
}

async function begin(
  identity: Identity,
  body: SendMessageBody,
  model: ResolvedModel,
  address: string,
): Promise<Answered | { live: LiveRun; isNew: boolean }> {
  const { userId } = identity;
  const { ref: modelRef } = model.info;
  const newAnswerId = body.answerId ?? randomUUID();
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const { chat, liveRuns } = await readAgain(() => readChatState(body.id, userId));
    const turn = planTurn(body, userId, chat, newAnswerId);
    if ('answeredBy' in turn) return turn;
    if (liveRuns >= getConfig().maxRunsPerPerson) throw new AppError('too_many_runs');
    const { answerId: messageId, firstLines } = turn;
    const row = {
      id: randomUUID(),
      chatId: body.id,
      messageId,
      ownerId: userId,
      epoch: 1,
      modelRef,
    };
    const giveBack = takeRunSlot(address);
    const live = await startRun({
      row,
      firstLines,
      makeSource: (started) => answerTurn(started, body, chat, turn, model),
      write: () =>
        // Written after all though its connection failed, it is closed as interrupted.
        writeTurn({
          ...{ identity, chatId: body.id, version: chat?.version ?? null, modelRef, turn },
          run: { id: row.id, owner: presence().id },
        }).catch(refuseTakenId),
    }).catch((error) => {
      giveBack();
      throw error;
    });
    if (!live) giveBack();
    else void live.saved.then(giveBack, giveBack);
    if (live) return { live, isNew: chat === null };
  }
  throw new AppError('conversation_moved');
}

/** An answer that has ended and cannot be saved is not "still being written". */
const tellUnsaved = (chatId: string) => (error: unknown) => {
  const isUnsaved = runHub().unsavedOf(chatId)?.finished;
  if (!isUnsaved || AppError.from(error).code !== 'run_live') throw error;
  throw new AppError('answer_unsaved', { cause: error });
};

function refuseTakenId(error: unknown): never {
  if (isUniqueViolation(error, 'run_one_live')) throw new AppError('run_live', { cause: error });
  if (isUniqueViolation(error, 'message_pkey')) throw new AppError('conflict', { cause: error });
  throw error;
}

function answerTurn(
  live: LiveRun,
  body: SendMessageBody,
  chat: ChatState | null,
  { question, questionId, goesOn }: Turn,
  model: ResolvedModel,
) {
  const asked = question && { ...question, role: 'user' as const, parts: body.message.parts };
  const all = [...(chat?.messages ?? []), ...(asked ? [asked] : [])];
  return answer(live, {
    model,
    messages: branchTo(all, questionId),
    goesOn: goesOn?.parts ?? null,
    systemPrompt: chat?.systemPrompt ?? null,
    timeZone: body.timeZone,
  });
}

async function followAnswer(messageId: string, until: Until, reader: Reader): Promise<SentMessage> {
  const [known] = await db()
    .select()
    .from(run)
    .where(eq(run.messageId, messageId))
    .orderBy(desc(run.createdAt))
    .limit(1);
  if (!known) throw new AppError('conflict');
  return { ...(await streamOfRun(known, 0, until, reader)), background: Promise.resolve() };
}
