/** What a send comes to, given the chat as it is: a new turn, a new answer, more of one. Pure. */
import { activeBranch } from '@/lib/chat/branch';
import { AppError } from '@/lib/errors';
import type { SendMessageBody } from '@/lib/protocol/api';
import { isCutShort } from '@/lib/protocol/cut-short';
import { formatLine } from '@/lib/protocol/lines';
import type { MessagePart, MessageStatus, Usage } from '@/lib/protocol/messages';
import { linesToGoOn } from '@/lib/protocol/unfold';

export type TreeMessage = {
  id: string;
  parentId: string | null;
  role: 'user' | 'assistant';
  parts: MessagePart[];
  status: MessageStatus;
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
 * @throws AppError chat_not_found, run_live, conversation_moved, conflict
 */
export function planTurn(
  body: SendMessageBody,
  userId: string,
  chat: ChatState | null,
  newAnswerId: string,
): Turn | Answered {
  if (chat && chat.ownerId !== userId) throw new AppError('chat_not_found');
  const messages = chat?.messages ?? [];
  const known = messages.find(({ id }) => id === body.message.id);
  if (known && known.role !== 'user') throw new AppError('conflict');
  if (body.continueOf) return planMore(messages, body.message.id, body.continueOf);
  const answered = known && newestAnswer(messages, known.id);
  if (answered && answered.id !== body.retryOf) return { answeredBy: answered.id };
  if (answered?.status === 'running') throw new AppError('run_live');
  return {
    question: known ? null : planQuestion(body, messages),
    questionId: body.message.id,
    answerId: newAnswerId,
    goesOn: null,
    firstLines: formatLine('f', { messageId: newAnswerId }),
  };
}

/** The new message goes behind the last one of the shown branch, and nowhere else. */
function planQuestion(body: SendMessageBody, messages: TreeMessage[]): Turn['question'] {
  if (body.retryOf) throw new AppError('conversation_moved');
  const last = activeBranch(messages).at(-1);
  if (last?.status === 'running') throw new AppError('run_live');
  if ((last?.id ?? null) !== body.parentId) throw new AppError('conversation_moved');
  return { id: body.message.id, parentId: body.parentId, text: body.message.parts[0].text };
}

/** More of an answer that broke off: of the newest one of the shown branch, and of no other. */
function planMore(messages: TreeMessage[], questionId: string, answerId: string): Turn | Answered {
  const last = activeBranch(messages).at(-1);
  if (last?.id !== answerId || last.parentId !== questionId) {
    throw new AppError('conversation_moved');
  }
  const { parts, status, finishReason, usage } = last;
  const isWhole = status === 'complete' && !isCutShort(finishReason);
  if (status === 'running' || isWhole) return { answeredBy: answerId };
  return {
    question: null,
    questionId,
    answerId,
    goesOn: { parts, status },
    firstLines: linesToGoOn(parts, answerId, usage),
  };
}

function newestAnswer(messages: TreeMessage[], questionId: string): TreeMessage | undefined {
  return messages.filter(({ parentId }) => parentId === questionId).at(-1);
}
