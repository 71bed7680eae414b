import type { UIMessage } from 'ai';
import { textOfMessage } from '@/lib/client/chat/message-view';
import { spokenText } from '@/lib/client/markdown/spoken-text';
import type { DocumentToolResult } from '@/lib/protocol/messages';
import { truncateChars } from '@/lib/shared/surrogates';

/** Longest part of an answer that is announced; the user can read the rest in the conversation. */
const MAX_ANNOUNCED_CHARS = 400;

/**
 * Returns a finished answer's announcement for screen readers: the beginning of its text, or the
 * documents it created if it has no text.
 */
export function answerAnnouncement(message: UIMessage): string {
  const text = spokenText(textOfMessage(message));
  if (text === '') return documentsAnnouncement(message) || 'The answer is ready.';
  if (text.length <= MAX_ANNOUNCED_CHARS) return `Assistant: ${text}`;
  const beginning = truncateChars(text, MAX_ANNOUNCED_CHARS);
  return `Assistant: ${beginning}… The answer continues in the conversation.`;
}

function documentsAnnouncement({ parts }: UIMessage): string {
  const titles = parts.flatMap((part) => {
    if (part.type !== 'tool-invocation' || part.toolInvocation.state !== 'result') return [];
    const { id, title } = (part.toolInvocation.result ?? {}) as Partial<DocumentToolResult>;
    return typeof id === 'string' && typeof title === 'string' ? [title] : [];
  });
  return [...new Set(titles)].map((title) => `The document “${title}” is ready.`).join(' ');
}
