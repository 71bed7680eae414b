/** What a send comes to, given the chat as it is: a new turn, a new answer, more of one. Pure. */
import { activeBranch, type BranchNode } from '@/lib/chat/branch';
import { charsOf } from '@/lib/chat/chars-of';
import { AppError } from '@/lib/errors';
import type { SendMessageBody } from '@/lib/protocol/api';
import { isCutShort } from '@/lib/protocol/cut-short';
import { formatLine } from '@/lib/protocol/lines';
import type { MessagePart, MessageStatus, Usage } from '@/lib/protocol/messages';
import { linesToGoOn } from '@/lib/protocol/unfold';
import { mayContinue } from '@/lib/runs/answer-size';

/** What a chat holds before no more is added to it, with all versions of all messages. */
export const MAX_CHAT = { messages: 10_000, chars: 32 * 1_048_576 };

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

export type Turn = {
  /** The person's message, where it is new. */
  question: { id: string; parentId: string | null; text: string } | null;
  questionId: string;
  /** The message that the run writes. */
  answerId: string;
  /** The answer that the run goes on with; null: it begins one. */
  goesOn: { parts: MessagePart[]; status: MessageStatus } | null;
  /** The first lines of the run's log, written together with its row. */
  firstLines: string;
};

/** The send repeats one that was taken already: the assistant message that answers it. */
export type Answered = { answeredBy: string };

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
): Turn | Answered {
  const planned = plan(body, userId, chat, newAnswerId);
  if (chat && !('answeredBy' in planned)) refuseFullChat(chat.messages);
  return planned;
}

/** Every send, and whoever opens the chat, reads all of it. @throws AppError chat_too_long */
function refuseFullChat(messages: readonly TreeMessage[]): void {
  let room = MAX_CHAT.chars;
  for (const { parts } of messages) {
    room -= charsOf(parts, room);
    if (room <= 0) break;
  }
  if (messages.length >= MAX_CHAT.messages || room <= 0) throw new AppError('chat_too_long');
}

function plan(
  body: SendMessageBody,
  userId: string,
  chat: ChatState | null,
  newAnswerId: string,
): Turn | Answered {
  if (chat && chat.ownerId !== userId) throw new AppError('chat_not_found');
  const messages = chat?.messages ?? [];
  const open = activeBranch(messages);
  const known = messages.find(({ id }) => id === body.message.id);
  if (known && known.role !== 'user') throw new AppError('conflict');
  if (body.continueOf) return planMore(open, body.message.id, body.continueOf);
  const made = messages.find(({ id }) => id === newAnswerId);
  if (made && made.parentId !== body.message.id) throw new AppError('conflict');
  if (made) return { answeredBy: made.id };
  const begun = {
    questionId: body.message.id,
    answerId: newAnswerId,
    goesOn: null,
    firstLines: formatLine('f', { messageId: newAnswerId }),
  };
  if (body.retryOf) {
    requireLast(open, body.retryOf, body.message.id);
    return { question: null, ...begun };
  }
  if (!known) return { question: planQuestion(body, open), ...begun };
  const answered = answerOf(known.id, open, messages);
  if (answered) return { answeredBy: answered.id };
  requireLast(open, known.id, known.parentId);
  return { question: null, ...begun };
}

/** The answer to a question that was sent before: the open one, else the newest. */
function answerOf(questionId: string, open: TreeMessage[], messages: TreeMessage[]) {
  const isAnswer = ({ parentId }: TreeMessage) => parentId === questionId;
  return open.find(isAnswer) ?? messages.findLast(isAnswer);
}

/**
 * Whatever is asked for is asked at the end of the open branch. A page that shows another one is out
 * of date: it is told so, and nothing is hidden.
 */
function requireLast(open: TreeMessage[], id: string | null, parentId: string | null): void {
  const last = open.at(-1);
  if (last?.status === 'running') throw new AppError('run_live');
  const isLast = (last?.id ?? null) === id && (last?.parentId ?? null) === parentId;
  if (!isLast) throw new AppError('conversation_moved');
}

/** A new message goes behind the last one of the open branch, and nowhere else. */
function planQuestion(body: SendMessageBody, open: TreeMessage[]): Turn['question'] {
  requireLast(open, body.parentId, open.at(-1)?.parentId ?? null);
  return { id: body.message.id, parentId: body.parentId, text: body.message.parts[0].text };
}

/** More of an answer that was cut off: of the last one of the open branch, and of no other. */
function planMore(open: TreeMessage[], questionId: string, answerId: string): Turn | Answered {
  const last = open.at(-1);
  if (last?.id !== answerId || last.parentId !== questionId) {
    throw new AppError('conversation_moved');
  }
  const { parts, status, finishReason, usage } = last;
  const isWhole = status === 'complete' && !isCutShort(finishReason);
  if (status === 'running' || isWhole) return { answeredBy: answerId };
  const firstLines = linesToGoOn(parts, answerId, usage);
  if (!mayContinue(firstLines)) throw new AppError('answer_too_long');
  return { question: null, questionId, answerId, goesOn: { parts, status }, firstLines };
}
