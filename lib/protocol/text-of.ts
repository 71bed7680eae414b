/** The fields of a part that are read, both of stored messages and of useChat's messages. */
type Part = { type: string; text?: string; reasoning?: string };

/** Returns the text of a message: its text parts, joined. */
export function textOf(parts: readonly Part[], separator = ''): string {
  return parts.flatMap(({ type, text }) => (type === 'text' ? (text ?? '') : [])).join(separator);
}

/** Returns the reasoning of a message. */
export function reasoningOf(parts: readonly Part[]): string {
  return parts.map(({ reasoning }) => reasoning ?? '').join('');
}
