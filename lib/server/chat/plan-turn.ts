/** Plans the turn for a send request: a new message, a new answer or a continuation. Pure. */

import type { SendMessageBody } from '@/lib/protocol/api';
import type { ChatSettings } from '@/lib/protocol/chat-settings';
import { AppError } from '@/lib/protocol/errors';
import { formatContinuation } from '@/lib/protocol/format-parts';
import { isTruncated } from '@/lib/protocol/is-truncated';
import { formatLine } from '@/lib/protocol/lines';
import type { MessagePart, MessageStatus, Usage } from '@/lib/protocol/messages';
import { activeBranch, type BranchNode } from '@/lib/server/chat/branch';
import { estimateJsonChars } from '@/lib/server/chat/estimate-json-chars';
import { canBeContinued } from '@/lib/server/runs/answer-size';

/** A chat of this size accepts no further turn. Counts all siblings of all messages. */
export const CHAT_LIMITS = { messages: 10_000, chars: 32 * 1_048_576 };

export type TreeMessage = BranchNode & {
  role: 'user' | 'assistant';
  parts: MessagePart[];
  finishReason: string | null;
  usage: Usage | null;
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
  /** The user message; null if it exists already. */
  question: { id: string; parentId: string | null; text: string } | null;
  questionId: string;
  /** The assistant message that the run writes. */
  answerId: string;
  /** The answer this run continues, or null for a new answer. */
  continueFrom: { parts: MessagePart[]; status: MessageStatus } | null;
  /** The first lines of the run's log, inserted together with the run. */
  firstLines: string;
};

/** No new run is needed: this assistant message, running or ended, is the requested one. */
export type AlreadyAnswered = { answeredBy: string };

/**
 * @param chat null if it does not exist yet: its first message creates it
 * @param newAnswerId the id of the answer if a new one is started
 * @throws AppError chat_not_found, run_live, conversation_moved, conflict, answer_too_long,
 *   chat_too_long
 */
export function planTurn(
  body: SendMessageBody,
  userId: string,
  chat: ChatState | null,
  newAnswerId: string,
): PlannedTurn | AlreadyAnswered {
  const planned = plan(body, userId, chat, newAnswerId);
  if (chat && !('answeredBy' in planned)) requireChatCapacity(chat.messages);
  return planned;
}

/**
 * Limits the chat's size, because every send request and page load reads all of it.
 * @throws AppError chat_too_long
 */
function requireChatCapacity(messages: readonly TreeMessage[]): void {
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
): PlannedTurn | AlreadyAnswered {
  if (chat && chat.ownerId !== userId) throw new AppError('chat_not_found');
  const messages = chat?.messages ?? [];
  const active = activeBranch(messages);
  const existingQuestion = messages.find(({ id }) => id === body.message.id);
  if (existingQuestion && existingQuestion.role !== 'user') throw new AppError('conflict');
  if (body.continueOf) return planContinuation(active, body.message.id, body.continueOf);
  const existingAnswer = messages.find(({ id }) => id === newAnswerId);
  if (existingAnswer && existingAnswer.parentId !== body.message.id) throw new AppError('conflict');
  if (existingAnswer) return { answeredBy: existingAnswer.id };
  const newTurn = {
    questionId: body.message.id,
    answerId: newAnswerId,
    continueFrom: null,
    firstLines: formatLine('f', { messageId: newAnswerId }),
  };
  if (body.retryOf) {
    requireBranchEnd(active, body.retryOf, body.message.id);
    return { question: null, ...newTurn };
  }
  if (!existingQuestion) return { question: planQuestion(body, active), ...newTurn };
  const answerToQuestion = findAnswer(existingQuestion.id, active, messages);
  if (answerToQuestion) return { answeredBy: answerToQuestion.id };
  requireBranchEnd(active, existingQuestion.id, existingQuestion.parentId);
  return { question: null, ...newTurn };
}

/** The answer to a user message that was sent before: the active one, else the newest. */
function findAnswer(questionId: string, active: TreeMessage[], messages: TreeMessage[]) {
  const isAnswer = ({ parentId }: TreeMessage) => parentId === questionId;
  return active.find(isAnswer) ?? messages.findLast(isAnswer);
}

/**
 * Requires the message to be the last one of the active branch. Otherwise the page is out of date
 * and must reload first: the new turn would deactivate a branch that the user has not seen.
 */
function requireBranchEnd(active: TreeMessage[], id: string | null, parentId: string | null): void {
  const last = active.at(-1);
  if (last?.status === 'running') throw new AppError('run_live');
  const isLast = (last?.id ?? null) === id && (last?.parentId ?? null) === parentId;
  if (!isLast) throw new AppError('conversation_moved');
}

/** A new user message is appended to the end of the active branch, and nowhere else. */
function planQuestion(body: SendMessageBody, active: TreeMessage[]): PlannedTurn['question'] {
  requireBranchEnd(active, body.parentId, active.at(-1)?.parentId ?? null);
  return { id: body.message.id, parentId: body.parentId, text: body.message.parts[0].text };
}

/**
 * Continues a truncated or interrupted answer, which must be the last message of the active branch.
 */
function planContinuation(
  active: TreeMessage[],
  questionId: string,
  answerId: string,
): PlannedTurn | AlreadyAnswered {
  const last = active.at(-1);
  if (last?.id !== answerId || last.parentId !== questionId) {
    throw new AppError('conversation_moved');
  }
  const { parts, status, finishReason, usage } = last;
  const isComplete = status === 'complete' && !isTruncated(finishReason);
  if (status === 'running' || isComplete) return { answeredBy: answerId };
  const firstLines = formatContinuation(parts, answerId, usage);
  if (!canBeContinued(firstLines)) throw new AppError('answer_too_long');
  return { question: null, questionId, answerId, continueFrom: { parts, status }, firstLines };
}
