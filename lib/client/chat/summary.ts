import type { UIMessage } from 'ai';
import { textOfMessage } from '@/lib/client/chat/message-view';
import { plainText } from '@/lib/client/markdown/plain-text';
import type { DocumentResult } from '@/lib/protocol/messages';

/** As much of an answer as is read out by itself; the rest is there to be read on. */
const READ_OUT_CHARS = 400;

/**
 * What a screen reader says of a finished answer: its beginning in words, or, where it has none,
 * which documents it made.
 */
export function spokenSummary(message: UIMessage): string {
  const text = plainText(textOfMessage(message));
  if (text === '') return documentsIn(message) || 'The answer is ready.';
  if (text.length <= READ_OUT_CHARS) return `Assistant: ${text}`;
  // Never half of a surrogate pair.
  const words = text.slice(0, READ_OUT_CHARS).replace(/[\ud800-\udbff]$/, '');
  return `Assistant: ${words}… The answer continues in the conversation.`;
}

function documentsIn({ parts }: UIMessage): string {
  const titles = parts.flatMap((part) => {
    if (part.type !== 'tool-invocation' || part.toolInvocation.state !== 'result') return [];
    const { id, title } = (part.toolInvocation.result ?? {}) as Partial<DocumentResult>;
    return typeof id === 'string' && typeof title === 'string' ? [title] : [];
  });
  return [...new Set(titles)].map((title) => `The document “${title}” is ready.`).join(' ');
}
