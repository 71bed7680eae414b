import { randomUUID } from 'node:crypto';
import { DEFAULT_CHAT_SETTINGS, type NewChatSettings } from '@/lib/protocol/chat-settings';
import { AppError } from '@/lib/protocol/errors';
import type { PersonalSettings } from '@/lib/protocol/user-settings';
import { branchTo } from '@/lib/server/chat/branch';
import type { ChatState, ExistingAnswer, PlannedTurn } from '@/lib/server/chat/plan-turn';
import { acquireRunSlot } from '@/lib/server/chat/run-slots';
import { streamAnswer } from '@/lib/server/chat/stream-answer';
import { readChatState, writeTurn } from '@/lib/server/chat/turn-rows';
import { getConfig } from '@/lib/server/config';
import { isUniqueViolation } from '@/lib/server/db/client';
import { retryOnOutage } from '@/lib/server/db/retry-on-outage';
import { publishEvent } from '@/lib/server/db/signals';
import type { ResolvedModel } from '@/lib/server/models';
import type { LiveRun } from '@/lib/server/runs/live-run';
import { presence } from '@/lib/server/runs/presence';
import { runHub } from '@/lib/server/runs/run-hub';
import { startRun } from '@/lib/server/runs/start-run';
import { withKeyedLock } from '@/lib/server/runtime/keyed-lock';
import { readUserSettings } from '@/lib/server/settings/user-settings';

/** Retries when the chat changed between read and write. */
const MAX_ATTEMPTS = 5;

type MaybePromise<T> = T | Promise<T>;

export type TurnRequest = {
  chatId: string;
  /** The owner of the chat. */
  userId: string;
  /** Plans the turn on the current state of the chat; null if it does not exist yet. */
  plan: (chat: ChatState | null) => MaybePromise<PlannedTurn | ExistingAnswer>;
  model: ResolvedModel;
  /** The settings of a new chat. */
  settings: NewChatSettings;
  /** IANA name sent by the user's browser, unvalidated. */
  timeZone: string | undefined;
  /** The IP address of the client, or another key whose runs are limited together. */
  address: string;
};

export type StartedTurn = { liveRun: LiveRun; isNew: boolean };

/**
 * Plans a turn, writes its rows in one statement and starts its run.
 * @throws what `plan` throws; AppError run_in_progress, chat_changed, previous_answer_unsaved,
 *   conflict, too_many_runs, too_many_runs_for_network, server_busy, shutting_down
 */
export async function startTurn(request: TurnRequest): Promise<ExistingAnswer | StartedTurn> {
  const { chatId, userId } = request;
  // Serialized per chat, so that two identical concurrent requests start one run.
  const result = await withKeyedLock(chatId, async () => {
    await runHub().waitUntilPersisted(chatId);
    return await tryStart(request).catch(mapUnsavedError(chatId));
  });
  if ('existingAnswerId' in result) return result;
  const { messageId } = result.liveRun.row;
  publishEvent(userId, { type: 'run-started', chatId, messageId });
  return result;
}

async function tryStart(request: TurnRequest): Promise<ExistingAnswer | StartedTurn> {
  const { chatId, userId, model, address } = request;
  const { ref: modelRef } = model.info;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const [{ chat, liveRuns }, personal] = await retryOnOutage(() =>
      Promise.all([readChatState(chatId, userId), readUserSettings(userId)]),
    );
    const turn = await request.plan(chat);
    if ('existingAnswerId' in turn) return turn;
    // Again: the shutdown may have begun since, and it waits only for runs that exist by then.
    if (runHub().isShuttingDown) throw new AppError('shutting_down');
    if (liveRuns >= getConfig().maxRunsPerUser) throw new AppError('too_many_runs');
    const { answerId: messageId, firstLines } = turn;
    const row = { id: randomUUID(), chatId, messageId, ownerId: userId, epoch: 1, modelRef };
    const releaseRunSlot = acquireRunSlot(address);
    const liveRun = await startRun({
      row,
      firstLines,
      createSource: (started) => createAnswerSource(started, request, { chat, turn, personal }),
      writeRow: () =>
        // If the connection fails but the rows are committed, the run is later closed as
        // interrupted.
        writeTurn({
          ...{ userId, chatId, version: chat?.version ?? null, modelRef, turn },
          settings: request.settings,
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

type PlannedAnswer = { chat: ChatState | null; turn: PlannedTurn; personal: PersonalSettings };

function createAnswerSource(
  liveRun: LiveRun,
  { model, settings, timeZone }: TurnRequest,
  { chat, turn, personal }: PlannedAnswer,
) {
  const { newUserMessage, userMessageId, continueFrom } = turn;
  const stored = chat?.messages ?? [];
  const messages = newUserMessage
    ? [
        ...stored,
        {
          ...newUserMessage,
          role: 'user' as const,
          parts: [{ type: 'text' as const, text: newUserMessage.text }],
        },
      ]
    : stored;
  return streamAnswer(liveRun, {
    model,
    messages: branchTo(messages, userMessageId),
    continueFrom: continueFrom?.parts ?? null,
    settings: chat?.settings ?? { ...DEFAULT_CHAT_SETTINGS, ...settings },
    personal,
    timeZone,
  });
}
