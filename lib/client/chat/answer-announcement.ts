import type { UIMessage } from 'ai';
import { textOfMessage } from '@/lib/client/chat/message-view';
import { spokenText } from '@/lib/client/markdown/spoken-text';
import type { DocumentToolResult } from '@/lib/protocol/messages';

/** As much of an answer as is read out by itself; the rest is there to be read on. */
const MAX_ANNOUNCED_CHARS = 400;

/**
 * What a screen reader says of a finished answer: its beginning in words, or, where it has none,
 * which documents it made.
 */
export function answerAnnouncement(message: UIMessage): string {
  const text = spokenText(textOfMessage(message));
  if (text === '') return documentsAnnouncement(message) || 'The answer is ready.';
  if (text.length <= MAX_ANNOUNCED_CHARS) return `Assistant: ${text}`;
  // Never half of a surrogate pair.
  const beginning = text.slice(0, MAX_ANNOUNCED_CHARS).replace(/[\ud800-\udbff]$/, '');
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
