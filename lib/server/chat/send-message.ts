import { randomUUID } from 'node:crypto';
import { desc, eq } from 'drizzle-orm';
import type { SendMessageBody } from '@/lib/protocol/api';
import { AppError } from '@/lib/protocol/errors';
import type { Identity } from '@/lib/server/account/identity';
import { signOutTrigger } from '@/lib/server/account/session-cache';
import { generateTitle } from '@/lib/server/chat/generate-title';
import { openRunStream, type RunStream } from '@/lib/server/chat/open-run-stream';
import { planTurn } from '@/lib/server/chat/plan-turn';
import { sendQueuedAfter } from '@/lib/server/chat/queue/send-queued';
import { startTurn } from '@/lib/server/chat/start-turn';
import { db } from '@/lib/server/db/client';
import { run } from '@/lib/server/db/schema';
import type { Recipient } from '@/lib/server/http/response-body';
import {
  acquireStreamSlot,
  signOutTriggerWithRelease,
  withEndCallback,
} from '@/lib/server/live/stream-slots';
import { resolveModel } from '@/lib/server/models';
import { followRun } from '@/lib/server/runs/follow-run';
import { runHub } from '@/lib/server/runs/run-hub';
import type { EndTrigger } from '@/lib/server/runs/run-log';
import { runDetached } from '@/lib/server/runtime/run-detached';

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
  const newAnswerId = body.answerId ?? randomUUID();
  const result = await startTurn({
    chatId: body.id,
    userId: identity.userId,
    plan: (chat) => planTurn(body, identity.userId, chat, newAnswerId),
    model,
    settings: body.settings ?? {},
    timeZone: body.timeZone,
    address,
  });
  if ('existingAnswerId' in result) {
    const followed = await followAnswer(result.existingAnswerId, signOutTrigger(identity), {
      userId: identity.userId,
      address,
    });
    return { ...followed, stream: withEndCallback(followed.stream, releaseSlot) };
  }

  const { liveRun, isNew } = result;
  const { id, messageId } = liveRun.row;
  sendQueuedAfter(liveRun);
  const titleGeneration =
    isNew && !body.settings?.temporary
      ? generateTitle(liveRun, model, body.message.parts[0].text)
      : undefined;
  return {
    runId: id,
    messageId,
    stream: followRun(id, 0, { endOn: signOutTriggerWithRelease(identity, releaseSlot) }),
    background: Promise.all([liveRun.saved, titleGeneration]),
  };
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
