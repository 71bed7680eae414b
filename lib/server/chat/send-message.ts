import { randomUUID } from 'node:crypto';
import { desc, eq } from 'drizzle-orm';
import type { SendMessageBody } from '@/lib/protocol/api';
import { DEFAULT_CHAT_SETTINGS } from '@/lib/protocol/chat-settings';
import { AppError } from '@/lib/protocol/errors';
import type { PersonalSettings } from '@/lib/protocol/user-settings';
import type { Identity } from '@/lib/server/account/identity';
import { signOutTrigger } from '@/lib/server/account/session-cache';
import { branchTo } from '@/lib/server/chat/branch';
import { generateTitle } from '@/lib/server/chat/generate-title';
import { openRunStream, type RunStream } from '@/lib/server/chat/open-run-stream';
import {
  type ChatState,
  type ExistingAnswer,
  type PlannedTurn,
  planTurn,
} from '@/lib/server/chat/plan-turn';
import { acquireRunSlot } from '@/lib/server/chat/run-slots';
import { streamAnswer } from '@/lib/server/chat/stream-answer';
import { readChatState, writeTurn } from '@/lib/server/chat/turn-rows';
import { getConfig } from '@/lib/server/config';
import { db, isUniqueViolation } from '@/lib/server/db/client';
import { retryOnOutage } from '@/lib/server/db/retry-on-outage';
import { run } from '@/lib/server/db/schema';
import { publishEvent } from '@/lib/server/db/signals';
import type { Recipient } from '@/lib/server/http/response-body';
import {
  acquireStreamSlot,
  signOutTriggerWithRelease,
  withEndCallback,
} from '@/lib/server/live/stream-slots';
import { type ResolvedModel, resolveModel } from '@/lib/server/models';
import { followRun } from '@/lib/server/runs/follow-run';
import type { LiveRun } from '@/lib/server/runs/live-run';
import { presence } from '@/lib/server/runs/presence';
import { runHub } from '@/lib/server/runs/run-hub';
import type { EndTrigger } from '@/lib/server/runs/run-log';
import { startRun } from '@/lib/server/runs/start-run';
import { withKeyedLock } from '@/lib/server/runtime/keyed-lock';
import { runDetached } from '@/lib/server/runtime/run-detached';
import { readUserSettings } from '@/lib/server/settings/user-settings';

/** Retries when the chat changed between read and write. */
const MAX_ATTEMPTS = 5;

export type SentMessage = RunStream & {
  /** Work that continues after the response: the run and the title generation. */
  background: Promise<unknown>;
};

/**
 * Accepts a user message and starts the run that answers it or continues its answer.
 *
 * Idempotent by the message's id (and by `answerId` if an answer is regenerated): a repeated
 * request follows the existing run. The user message, the answer's row and the run are written in
 * one statement.
 *
 * @throws AppError chat_not_found, model_not_found, no_model, run_in_progress, chat_changed,
 *   previous_answer_unsaved, conflict, answer_too_long, chat_too_long, too_many_runs,
 *   too_many_runs_for_network, too_many_streams, too_many_unread_responses, server_busy,
 *   shutting_down
 */
export async function sendMessage(
  identity: Identity,
  body: SendMessageBody,
  address: string,
): Promise<SentMessage> {
  // A repeated request opens another stream of the same answer, so it needs a slot as well.
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
  // Serialized per chat, so that two identical concurrent requests start one run.
  const result = await withKeyedLock(body.id, async () => {
    await runHub().waitUntilPersisted(body.id);
    return await startTurn(identity, body, model, address).catch(mapUnsavedError(body.id));
  });
  if ('existingAnswerId' in result) {
    const followed = await followAnswer(result.existingAnswerId, signOutTrigger(identity), {
      userId: identity.userId,
      address,
    });
    return { ...followed, stream: withEndCallback(followed.stream, releaseSlot) };
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
): Promise<ExistingAnswer | { liveRun: LiveRun; isNew: boolean }> {
  const { userId } = identity;
  const { ref: modelRef } = model.info;
  const newAnswerId = body.answerId ?? randomUUID();
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const [{ chat, liveRuns }, personal] = await retryOnOutage(() =>
      Promise.all([readChatState(body.id, userId), readUserSettings(userId)]),
    );
    const turn = planTurn(body, userId, chat, newAnswerId);
    if ('existingAnswerId' in turn) return turn;
    // Again: the shutdown may have begun since, and it waits only for runs that exist by then.
    if (runHub().isShuttingDown) throw new AppError('shutting_down');
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
      createSource: (started) => createAnswerSource(started, { body, chat, turn, model, personal }),
      writeRow: () =>
        // If the connection fails but the rows are committed, the run is later closed as
        // interrupted.
        writeTurn({
          ...{ identity, chatId: body.id, version: chat?.version ?? null, modelRef, turn },
          settings: body.settings ?? {},
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
  throw new AppError('chat_changed');
}

/** Reports a finished answer that cannot be saved yet as such, not as still running. */
const mapUnsavedError = (chatId: string) => (error: unknown) => {
  const isUnsaved = runHub()
    .unsavedRunsOf(chatId)
    .some(({ isFinished }) => isFinished);
  if (!isUnsaved || AppError.from(error).code !== 'run_in_progress') throw error;
  throw new AppError('previous_answer_unsaved', { cause: error });
};

function mapIdConflict(error: unknown): never {
  if (isUniqueViolation(error, 'run_one_live'))
    throw new AppError('run_in_progress', { cause: error });
  if (isUniqueViolation(error, 'message_pkey')) throw new AppError('conflict', { cause: error });
  throw error;
}

type PlannedAnswer = {
  body: SendMessageBody;
  chat: ChatState | null;
  turn: PlannedTurn;
  model: ResolvedModel;
  personal: PersonalSettings;
};

function createAnswerSource(
  liveRun: LiveRun,
  { body, chat, turn, model, personal }: PlannedAnswer,
) {
  const { newUserMessage, userMessageId, continueFrom } = turn;
  const stored = chat?.messages ?? [];
  const messages = newUserMessage
    ? [...stored, { ...newUserMessage, role: 'user' as const, parts: body.message.parts }]
    : stored;
  return streamAnswer(liveRun, {
    model,
    messages: branchTo(messages, userMessageId),
    continueFrom: continueFrom?.parts ?? null,
    settings: chat?.settings ?? { ...DEFAULT_CHAT_SETTINGS, ...body.settings },
    personal,
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
