/** What a send comes to, given the chat as it is: a new turn, a new answer, more of one. Pure. */

import type { SendMessageBody } from '@/lib/protocol/api';
import { AppError } from '@/lib/protocol/errors';
import { formatContinuation } from '@/lib/protocol/format-parts';
import { isTruncated } from '@/lib/protocol/is-truncated';
import { formatLine } from '@/lib/protocol/lines';
import type { MessagePart, MessageStatus, Usage } from '@/lib/protocol/messages';
import { activeBranch, type BranchNode } from '@/lib/server/chat/branch';
import { estimateJsonChars } from '@/lib/server/chat/estimate-json-chars';
import { hasRoomToContinue } from '@/lib/server/runs/answer-size';

/** What a chat holds before no more is added to it, with all versions of all messages. */
export const CHAT_LIMITS = { messages: 10_000, chars: 32 * 1_048_576 };

export type TreeMessage = BranchNode & {
  role: 'user' | 'assistant';
  parts: MessagePart[];
  finishReason: string | null;
  usage: Usage | null;
};

/** A chat that is there, as far as a send needs to know it. */
export type ChatState = {
  ownerId: string;
  systemPrompt: string | null;
  /** Changes with every turn and with every answer's end: the token of optimistic locking. */
  version: string;
  /** All messages, oldest first. */
  messages: TreeMessage[];
};

export type PlannedTurn = {
  /** The person's message, where it is new. */
  question: { id: string; parentId: string | null; text: string } | null;
  questionId: string;
  /** The message that the run writes. */
  answerId: string;
  /** The answer that the run goes on with; null: it begins one. */
  continueFrom: { parts: MessagePart[]; status: MessageStatus } | null;
  /** The first lines of the run's log, written together with its row. */
  firstLines: string;
};

/** The send repeats one that was taken already: the assistant message that answers it. */
export type AlreadyAnswered = { answeredBy: string };

/**
 * @param chat null where it is not there yet: its first message makes it
 * @param newAnswerId the id of the answer, where one is begun
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

/** Every send, and whoever opens the chat, reads all of it. @throws AppError chat_too_long */
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

/** The answer to a question that was sent before: the open one, else the newest. */
function findAnswer(questionId: string, active: TreeMessage[], messages: TreeMessage[]) {
  const isAnswer = ({ parentId }: TreeMessage) => parentId === questionId;
  return active.find(isAnswer) ?? messages.findLast(isAnswer);
}

/**
 * Whatever is asked for is asked at the end of the open branch. A page that shows another one is out
 * of date: it is told so, and nothing is hidden.
 */
function requireBranchEnd(active: TreeMessage[], id: string | null, parentId: string | null): void {
  const last = active.at(-1);
  if (last?.status === 'running') throw new AppError('run_live');
  const isLast = (last?.id ?? null) === id && (last?.parentId ?? null) === parentId;
  if (!isLast) throw new AppError('conversation_moved');
}

/** A new message goes behind the last one of the open branch, and nowhere else. */
function planQuestion(body: SendMessageBody, active: TreeMessage[]): PlannedTurn['question'] {
  requireBranchEnd(active, body.parentId, active.at(-1)?.parentId ?? null);
  return { id: body.message.id, parentId: body.parentId, text: body.message.parts[0].text };
}

/** More of an answer that was cut off: of the last one of the open branch, and of no other. */
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
  if (!hasRoomToContinue(firstLines)) throw new AppError('answer_too_long');
  return { question: null, questionId, answerId, continueFrom: { parts, status }, firstLines };
}
