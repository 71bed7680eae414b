/** Reads what the page displays from messages, whether streamed or stored. */
import type { UIMessage } from 'ai';
import { annotationsOfType } from '@/lib/protocol/annotations';
import { hasContent } from '@/lib/protocol/has-content';
import { isTruncated } from '@/lib/protocol/is-truncated';
import type {
  Continuation,
  ReasoningPart,
  RunEndedAnnotation,
  StoredMessage,
} from '@/lib/protocol/messages';
import { textOf } from '@/lib/protocol/text-of';

/**
 * Returns stored messages as useChat's type, which also requires `content`, the text of the parts.
 * useChat keeps unknown fields, so an answer's `modelRef` remains.
 */
export function toUiMessages(messages: readonly StoredMessage[]): UIMessage[] {
  return messages.map((message) => ({
    ...message,
    content: textOf(message.parts),
  })) as unknown as UIMessage[];
}

/** How the answer ended; undefined while it is running. */
export function findRunEnded(message: UIMessage): RunEndedAnnotation | undefined {
  return annotationsOfType(message.annotations, 'run-ended').at(-1);
}

/** When the answer was continued, oldest first. */
export function continuationsOf(message: UIMessage): readonly Continuation[] {
  const { timing } = findRunEnded(message) ?? {};
  return timing?.continuations ?? annotationsOfType(message.annotations, 'continued');
}

/** The ref of the model that generated the answer; null if unknown. */
export function modelRefOf(message: UIMessage): string | null {
  return (
    findRunEnded(message)?.modelRef ?? (message as { modelRef?: string | null }).modelRef ?? null
  );
}

/** Reasoning durations in milliseconds by reasoning part, if known. */
export function reasoningMsByPart({ parts, annotations }: UIMessage): Map<unknown, number> {
  const annotatedDurations = new Map(
    annotationsOfType(annotations, 'thought').map(({ index, ms }) => [index, ms]),
  );
  const durations = new Map<unknown, number>();
  const reasoning = parts.filter((part) => part.type === 'reasoning') as ReasoningPart[];
  for (const [index, part] of reasoning.entries()) {
    const ms = part.ms ?? annotatedDurations.get(index);
    if (ms !== undefined) durations.set(part, ms);
  }
  return durations;
}

/** The message's text, for copying. */
export function textOfMessage(message: UIMessage): string {
  return textOf(message.parts, '\n\n');
}

/** Sibling ids by message id, for the displayed messages that have siblings. */
export function siblingsOf(messages: readonly StoredMessage[]): Map<string, readonly string[]> {
  return new Map(
    messages.flatMap(({ id, versions: siblings }) => (siblings ? [[id, siblings]] : [])),
  );
}

/** Whether the message will not grow any more. */
export function isFinished({ status }: Pick<StoredMessage, 'status'>): boolean {
  return status !== 'running';
}

/** Returns the messages with this one replacing the one with its id, or appended. */
export function upsertMessage(messages: UIMessage[], message: UIMessage): UIMessage[] {
  if (!messages.some(({ id }) => id === message.id)) return [...messages, message];
  return messages.map((displayed) => (displayed.id === message.id ? message : displayed));
}

/** Whether the answer is incomplete and has content to continue from. */
export function canContinue(message: UIMessage): boolean {
  const ended = findRunEnded(message);
  // An answer of the maximum length cannot grow.
  if (!ended || ended.error?.code === 'answer_too_long') return false;
  return (
    (ended.status !== 'complete' || isTruncated(ended.finishReason)) && hasContent(message.parts)
  );
}

/** How the line left of an answer ends (components/ui/thread.css); undefined: it is complete. */
export function threadEnd(
  message: UIMessage,
  running: boolean,
): 'none' | 'running' | 'stopped' | 'open' | undefined {
  if (!hasContent(message.parts)) return 'none';
  if (running) return 'running';
  if (!canContinue(message)) return undefined;
  return findRunEnded(message)?.status === 'stopped' ? 'stopped' : 'open';
}

/** A measure that increases with every character and tool call or result of the message. */
function contentSize(message: UIMessage): number {
  let size = 0;
  for (const part of message.parts) {
    if (part.type === 'text') size += part.text.length;
    else if (part.type === 'reasoning') size += part.reasoning.length;
    else if (part.type === 'tool-invocation')
      size += part.toolInvocation.state === 'result' ? 2 : 1;
  }
  return size;
}

/** The answer being continued, as it was displayed, and the id of its user message. */
export type PartialAnswer = { answer: UIMessage; userMessageId: string };

/**
 * Returns the messages to display while an answer is being continued. Its stream starts from the
 * beginning; until the stream exceeds the earlier content, that content stays displayed.
 */
export function withPartialAnswer(
  messages: UIMessage[],
  { answer, userMessageId }: PartialAnswer,
): UIMessage[] {
  const last = messages.at(-1);
  if (last?.id === userMessageId) return [...messages, answer];
  if (last?.id !== answer.id || contentSize(last) > contentSize(answer)) return messages;
  return [...messages.slice(0, -1), answer];
}

/**
 * Returns the stored messages, reusing displayed objects with the same content, so that their rows
 * do not re-render. Returns `displayed` itself if nothing changed.
 */
export function mergeMessages(displayed: UIMessage[], stored: UIMessage[]): UIMessage[] {
  const displayedById = new Map(displayed.map((message) => [message.id, message]));
  const merged = stored.map((message) => {
    const match = displayedById.get(message.id);
    return match && hasSameContent(match, message) ? match : message;
  });
  const changed =
    merged.length !== displayed.length ||
    merged.some((message, index) => message !== displayed[index]);
  return changed ? merged : displayed;
}

function hasSameContent(displayed: UIMessage, stored: UIMessage): boolean {
  if (displayed.role === 'user') return stored.role === 'user';
  const [displayedEnd, storedEnd] = [findRunEnded(displayed), findRunEnded(stored)];
  return (
    contentSize(displayed) === contentSize(stored) &&
    displayedEnd?.status === storedEnd?.status &&
    displayedEnd?.finishReason === storedEnd?.finishReason
  );
}
