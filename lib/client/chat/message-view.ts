/** What the page reads off a message, whether it came by the stream or from the server. */
import type { UIMessage } from 'ai';
import { hasContent } from '@/lib/protocol/has-content';
import { isTruncated } from '@/lib/protocol/is-truncated';
import type { ReasoningPart, RunEndedAnnotation, StoredMessage } from '@/lib/protocol/messages';
import { reasoningDurations } from '@/lib/protocol/reasoning-durations';

/**
 * Stored messages as useChat takes them. It keeps fields that it does not know, so the answer's
 * model is still on it.
 */
export function toUiMessages(messages: readonly StoredMessage[]): UIMessage[] {
  return messages as unknown as UIMessage[];
}

/** How the answer ended; undefined while it is being made. */
export function findRunEnded(message: UIMessage): RunEndedAnnotation | undefined {
  const annotations = message.annotations as unknown[] | undefined;
  return annotations?.findLast(
    (annotation): annotation is RunEndedAnnotation =>
      (annotation as { type?: unknown } | null)?.type === 'run-ended',
  );
}

/** The ref of the model that made the answer, as far as it is known. */
export function modelRefOf(message: UIMessage): string | null {
  return (
    findRunEnded(message)?.modelRef ?? (message as { modelRef?: string | null }).modelRef ?? null
  );
}

/** How long the model thought, in ms: by reasoning part, as far as it is known. */
export function reasoningMsByPart({ parts, annotations }: UIMessage): Map<unknown, number> {
  const annotatedDurations = new Map(
    reasoningDurations(annotations).map(({ index, ms }) => [index, ms]),
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
  return message.parts
    .filter((part) => part.type === 'text')
    .map((part) => part.text)
    .join('\n\n');
}

/** The versions of the messages that have several, by the id of each message shown. */
export function siblingsOf(messages: readonly StoredMessage[]): Map<string, readonly string[]> {
  return new Map(
    messages.flatMap(({ id, versions: siblings }) => (siblings ? [[id, siblings]] : [])),
  );
}

/** Whether nothing more will come of it. */
export function isFinished({ status }: Pick<StoredMessage, 'status'>): boolean {
  return status !== 'running';
}

/** The messages with this one in the place of its namesake, or at the end. */
export function upsertMessage(messages: UIMessage[], message: UIMessage): UIMessage[] {
  if (!messages.some(({ id }) => id === message.id)) return [...messages, message];
  return messages.map((displayed) => (displayed.id === message.id ? message : displayed));
}

/** Whether the answer ended before its end and holds something to go on from. */
export function canContinue(message: UIMessage): boolean {
  const ended = findRunEnded(message);
  // What is as long as an answer may be takes no more.
  if (!ended || ended.error?.code === 'answer_too_long') return false;
  return (
    (ended.status !== 'complete' || isTruncated(ended.finishReason)) && hasContent(message.parts)
  );
}

/** Grows with every character and every tool call that comes to the message. */
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

/** An answer that is gone on with: as it was shown, and the question it stands under. */
export type PartialAnswer = { answer: UIMessage; questionId: string };

/**
 * The messages while an answer is gone on with. Its stream tells it from the beginning; until that
 * says more than was shown, what was shown stays.
 */
export function withPartialAnswer(
  messages: UIMessage[],
  { answer, questionId }: PartialAnswer,
): UIMessage[] {
  const last = messages.at(-1);
  if (last?.id === questionId) return [...messages, answer];
  if (last?.id !== answer.id || contentSize(last) > contentSize(answer)) return messages;
  return [...messages.slice(0, -1), answer];
}

/**
 * What the server has, in the objects that are shown already wherever these say the same: their rows
 * are not drawn again. The very list that is shown where nothing has changed.
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
