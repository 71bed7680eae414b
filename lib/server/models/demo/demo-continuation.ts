/**
 * Continues an interrupted answer of the demo: the answer is generated again without the text that
 * exists already.
 */
import { type ChatCompletionRequest, contentText } from './chat-completion-request';
import type { ScriptPart } from './script-part';

/**
 * Recognizes the app's request to continue by its beginning (lib/server/models/continuation.ts).
 */
const CONTINUE_PATTERN = /^your last message (broke off|was cut off|was interrupted)\b/i;

/**
 * Returns the request as it was before the answer was interrupted, and the text of the answer since
 * the last tool result; null if the request continues nothing.
 */
export function parseContinuation(
  request: ChatCompletionRequest,
): { request: ChatCompletionRequest; existingText: string } | null {
  const last = request.messages.at(-1);
  if (last?.role !== 'user' || !CONTINUE_PATTERN.test(contentText(last))) return null;
  const previous = request.messages.slice(0, -1);
  const answer = previous.at(-1);
  const existingText = answer?.role === 'assistant' ? contentText(answer) : '';
  const messages = answer?.role === 'assistant' ? previous.slice(0, -1) : previous;
  return { request: { ...request, messages }, existingText };
}

/** The remaining parts of an answer. Its reasoning is not repeated. */
export function remainingParts(parts: readonly ScriptPart[], existingText: string): ScriptPart[] {
  const visible = parts.filter(({ kind }) => kind !== 'reasoning');
  const text = visible.map((part) => (part.kind === 'text' ? part.text : '')).join('');
  // The app may have trimmed the text.
  const skip = text.startsWith(existingText)
    ? existingText.length
    : text.trimStart().startsWith(existingText)
      ? existingText.length + text.length - text.trimStart().length
      : null;
  if (skip === null) {
    const notice = 'This answer is not the demo’s own, so the demo cannot continue it.';
    return [{ kind: 'text', text: `\n\n*${notice}*` }];
  }
  let charsToSkip = skip;
  return visible.flatMap((part): ScriptPart[] => {
    if (part.kind !== 'text') return [part];
    const tail = part.text.slice(charsToSkip);
    charsToSkip = Math.max(0, charsToSkip - part.text.length);
    return tail === '' ? [] : [{ ...part, text: tail }];
  });
}
