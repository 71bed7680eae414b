import type { MessagePart } from '@/lib/protocol/messages';

/** The fields of a part that this looks at, of a stored message and of one of useChat's. */
type Part = Pick<MessagePart, 'type'> & { text?: string; reasoning?: string };

/** Whether the parts hold anything that a user can read. */
export function hasContent(parts: readonly Part[]): boolean {
  return parts.some(
    ({ type, text, reasoning }) =>
      type === 'tool-invocation' || `${text ?? ''}${reasoning ?? ''}`.trim() !== '',
  );
}
