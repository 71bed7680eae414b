/** Plans the turn for a send request: a new message, a new answer or a continuation. Pure. */

import type { SendMessageBody } from '@/lib/protocol/api';
import type { ChatSettings } from '@/lib/protocol/chat-settings';
import { AppError } from '@/lib/protocol/errors';
import { formatContinuation } from '@/lib/protocol/format-parts';
import { isTruncated } from '@/lib/protocol/is-truncated';
import { formatLine } from '@/lib/protocol/lines';
import type { MessagePart, MessageStatus, Timing, Usage } from '@/lib/protocol/messages';
import { textOf } from '@/lib/protocol/text-of';
import { activeBranch, type BranchNode } from '@/lib/server/chat/branch';
import { estimateJsonChars } from '@/lib/server/chat/estimate-json-chars';
import { canBeContinued } from '@/lib/server/runs/answer-size';

/** A chat of this size accepts no further turn. Counts all siblings of all messages. */
export const CHAT_LIMITS = { messages: 10_000, chars: 32 * 1_048_576 };

export type TreeMessage = BranchNode & {
  role: 'user' | 'assistant';
  status: MessageStatus;
  parts: MessagePart[];
  finishReason: string | null;
  usage: Usage | null;
  timing: Timing | null;
};

/** The part of an existing chat that planning needs. */
export type ChatState = {
  ownerId: string;
  settings: ChatSettings;
  /** For optimistic locking: changes with every turn, run end and branch selection. */
  version: string;
  /** All messages, oldest first. */
  messages: TreeMessage[];
};

export type PlannedTurn = {
  /** The user message to insert; null if it exists already. */
  newUserMessage: { id: string; parentId: string | null; text: string } | null;
  userMessageId: string;
  /** The assistant message that the run writes. */
  answerId: string;
  /** The answer this run continues, or null for a new answer. */
  continueFrom: { parts: MessagePart[]; status: MessageStatus } | null;
  /** The first lines of the run's log, inserted together with the run. */
  firstLines: string;
  /** The answers whose queued messages wait for the new answer instead. */
  queueFrom: string[];
};

/** No new run is needed: the requested answer exists, running or ended. */
export type ExistingAnswer = { existingAnswerId: string };

/**
 * @param chat null if it does not exist yet: its first message creates it
 * @param newAnswerId the id of the answer if a new one is started
 * @throws AppError chat_not_found, run_in_progress, chat_changed, conflict, answer_too_long,
 *   chat_too_long
 */
export function planTurn(
  body: SendMessageBody,
  userId: string,
  chat: ChatState | null,
  newAnswerId: string,
  now = new Date(),
): PlannedTurn | ExistingAnswer {
  const planned = plan(body, userId, chat, newAnswerId, now);
  if (chat && !('existingAnswerId' in planned)) requireChatCapacity(chat.messages);
  return planned;
}

/**
 * Limits the chat's size, because every send request and page load reads all of it.
 * @throws AppError chat_too_long
 */
export function requireChatCapacity(messages: readonly TreeMessage[]): void {
  let remainingChars = CHAT_LIMITS.chars;
  for (const { parts } of messages) {
    remainingChars -= estimateJsonChars(parts, remainingChars);
    if (remainingChars <= 0) break;
  }
  if (messages.length >= CHAT_LIMITS.messages || remainingChars <= 0)
    throw new AppError('chat_too_long');
}

function plan(
  body: SendMessageBody,
  userId: string,
  chat: ChatState | null,
  newAnswerId: string,
  now: Date,
): PlannedTurn | ExistingAnswer {
  if (chat && chat.ownerId !== userId) throw new AppError('chat_not_found');
  const messages = chat?.messages ?? [];
  const active = activeBranch(messages);
  const existingUserMessage = messages.find(({ id }) => id === body.message.id);
  if (existingUserMessage && existingUserMessage.role !== 'user') throw new AppError('conflict');
  if (body.continueOf) return planContinuation(active, body.message.id, body.continueOf, now);
  const existingAnswer = messages.find(({ id }) => id === newAnswerId);
  if (existingAnswer && existingAnswer.parentId !== body.message.id) throw new AppError('conflict');
  if (existingAnswer) return { existingAnswerId: existingAnswer.id };
  const newTurn = {
    userMessageId: body.message.id,
    answerId: newAnswerId,
    continueFrom: null,
    firstLines: formatLine('f', { messageId: newAnswerId }),
    queueFrom: [] as string[],
  };
  if (body.retryOf) {
    requireRegenerable(body, messages, active);
    const queueFrom = queueSources(messages, body.retryOf);
    return { newUserMessage: null, ...newTurn, queueFrom };
  }
  if (!existingUserMessage) {
    if (body.editOf) requireEditable(body, messages, active);
    else requireBranchEnd(active, body.parentId, active.at(-1)?.parentId ?? null);
    const { id, parts } = body.message;
    const newUserMessage = { id, parentId: body.parentId, text: parts[0].text };
    const queueFrom = body.parentId === null ? [] : queueSources(messages, body.parentId);
    return { newUserMessage, ...newTurn, queueFrom };
  }
  const matchingAnswer = findAnswer(existingUserMessage.id, active, messages);
  if (matchingAnswer) return { existingAnswerId: matchingAnswer.id };
  requireBranchEnd(active, existingUserMessage.id, existingUserMessage.parentId);
  return { newUserMessage: null, ...newTurn };
}

/** The answer to a user message that was sent before: the active one, else the newest. */
function findAnswer(userMessageId: string, active: TreeMessage[], messages: TreeMessage[]) {
  const isAnswer = ({ parentId }: TreeMessage) => parentId === userMessageId;
  return active.find(isAnswer) ?? messages.findLast(isAnswer);
}

/**
 * Requires the message to be the last one of the active branch. Otherwise the page is out of date
 * and must reload first: the new turn would deactivate a branch that the user has not seen.
 */
function requireBranchEnd(active: TreeMessage[], id: string | null, parentId: string | null): void {
  const last = active.at(-1);
  if (last?.status === 'running') throw new AppError('run_in_progress');
  const isLast = (last?.id ?? null) === id && (last?.parentId ?? null) === parentId;
  if (!isLast) throw new AppError('chat_changed');
}

/** The answer, anywhere on the active branch, must have ended and reply to the user message. */
function requireRegenerable(
  { message, retryOf, branchEnd }: SendMessageBody,
  messages: TreeMessage[],
  active: TreeMessage[],
): void {
  requireDisplayedBranch(active, branchEnd ?? retryOf);
  const answer = messages.find(({ id }) => id === retryOf);
  if (answer?.parentId !== message.id || answer.role !== 'assistant')
    throw new AppError('chat_changed');
  if (answer.status === 'running') throw new AppError('run_in_progress');
}

/** The edited user message must be a sibling of the new one. */
function requireEditable(
  { editOf, parentId, branchEnd }: SendMessageBody,
  messages: TreeMessage[],
  active: TreeMessage[],
): void {
  requireDisplayedBranch(active, branchEnd);
  const edited = messages.find(({ id }) => id === editOf);
  if (edited?.role !== 'user' || edited.parentId !== parentId) throw new AppError('chat_changed');
}

/**
 * Requires the active branch to end with the message that the page displays last. Unlike
 * `requireBranchEnd` this message may be running: the new turn starts another branch.
 */
function requireDisplayedBranch(active: TreeMessage[], branchEnd: string | undefined): void {
  if (active.at(-1)?.id !== branchEnd) throw new AppError('chat_changed');
}

/**
 * Continues a truncated or interrupted answer, which must be the last message of the active branch.
 */
function planContinuation(
  active: TreeMessage[],
  userMessageId: string,
  answerId: string,
  now: Date,
): PlannedTurn | ExistingAnswer {
  const last = active.at(-1);
  if (last?.id !== answerId || last.parentId !== userMessageId) {
    throw new AppError('chat_changed');
  }
  const { parts, status, finishReason, usage, timing } = last;
  const isComplete = status === 'complete' && !isTruncated(finishReason);
  if (status === 'running' || isComplete) return { existingAnswerId: answerId };
  const continuation = { at: now.toISOString(), after: status, chars: textOf(parts).length };
  const firstLines = formatContinuation(parts, answerId, usage, {
    ...timing,
    continuations: [...(timing?.continuations ?? []), continuation],
  });
  if (!canBeContinued(firstLines)) throw new AppError('answer_too_long');
  return {
    newUserMessage: null,
    userMessageId,
    answerId,
    continueFrom: { parts, status },
    firstLines,
    queueFrom: [answerId],
  };
}

/**
 * Returns the answers whose queued messages wait for the next answer after `answerId`, or for the
 * one that replaces it: that answer, and its siblings that did not end well. (A new answer that
 * failed is deselected, but the messages that were queued during it are displayed.)
 */
export function queueSources(messages: readonly TreeMessage[], answerId: string): string[] {
  const answer = messages.find(({ id }) => id === answerId);
  if (!answer) return [];
  return messages
    .filter(
      ({ id, parentId, status }) =>
        id === answerId ||
        (parentId === answer.parentId && status !== 'running' && status !== 'complete'),
    )
    .map(({ id }) => id);
}
