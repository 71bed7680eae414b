import type { MessagePart } from '@/lib/protocol/messages';

/** The fields of a part that are read, both of stored messages and of useChat's messages. */
type Part = Pick<MessagePart, 'type'> & { text?: string; reasoning?: string };

/** Whether the parts contain a tool call or text or reasoning that is not blank. */
export function hasContent(parts: readonly Part[]): boolean {
  return parts.some(
    ({ type, text, reasoning }) =>
      type === 'tool-invocation' || `${text ?? ''}${reasoning ?? ''}`.trim() !== '',
  );
}
