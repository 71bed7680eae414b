/** What the page reads off a message, whether it came by the stream or from the server. */
import type { UIMessage } from 'ai';
import type { RunEndedAnnotation, StoredMessage } from '@/lib/protocol/messages';

/**
 * Stored messages as useChat takes them. It keeps fields that it does not know, so the answer's
 * model is still on it.
 */
export function toUiMessages(messages: readonly StoredMessage[]): UIMessage[] {
  return messages as unknown as UIMessage[];
}

/** How the answer ended; undefined while it is being made. */
export function runEnded(message: UIMessage): RunEndedAnnotation | undefined {
  const annotations = message.annotations as unknown[] | undefined;
  return annotations?.findLast(
    (annotation): annotation is RunEndedAnnotation =>
      (annotation as { type?: unknown } | null)?.type === 'run-ended',
  );
}

/** The ref of the model that made the answer, as far as it is known. */
export function modelRefOf(message: UIMessage): string | null {
  return runEnded(message)?.modelRef ?? (message as { modelRef?: string | null }).modelRef ?? null;
}

/** The message's text, for copying. */
export function textOfMessage(message: UIMessage): string {
  return message.parts
    .filter((part) => part.type === 'text')
    .map((part) => part.text)
    .join('\n\n');
}

/** Whether nothing more will come of it. */
export function isOver({ status }: Pick<StoredMessage, 'status'>): boolean {
  return status !== 'running';
}

/** The messages with this one in the place of its namesake, or at the end. */
export function withMessage(messages: UIMessage[], message: UIMessage): UIMessage[] {
  if (!messages.some(({ id }) => id === message.id)) return [...messages, message];
  return messages.map((shown) => (shown.id === message.id ? message : shown));
}
