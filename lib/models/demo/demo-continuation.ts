/** How the demo continues an answer that was cut off: it is made once more, without what was said. */
import { type ChatRequest, textOf } from './chat-request';
import type { Piece } from './demo-script';

/** The app's request to continue is known by how it begins (lib/models/go-on.ts). */
const CONTINUE = /^your last message (broke off|was cut off|was interrupted)\b/i;

/**
 * The request as it was before the answer was cut off, and what had come of the answer since the last
 * result of a tool; null where nothing is to be continued.
 */
export function continuationOf(
  request: ChatRequest,
): { request: ChatRequest; said: string } | null {
  const last = request.messages.at(-1);
  if (last?.role !== 'user' || !CONTINUE.test(textOf(last))) return null;
  const before = request.messages.slice(0, -1);
  const answer = before.at(-1);
  const said = answer?.role === 'assistant' ? textOf(answer) : '';
  const messages = answer?.role === 'assistant' ? before.slice(0, -1) : before;
  return { request: { ...request, messages }, said };
}

/** What is left of an answer. Its thinking is not repeated. */
export function withoutSaid(pieces: readonly Piece[], said: string): Piece[] {
  const shown = pieces.filter(({ kind }) => kind !== 'reasoning');
  const text = shown.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('');
  // The app may have trimmed it on the way.
  const skip = text.startsWith(said)
    ? said.length
    : text.trimStart().startsWith(said)
      ? said.length + text.length - text.trimStart().length
      : null;
  if (skip === null) {
    const words = 'This answer is not the demo’s own, so the demo cannot continue it.';
    return [{ kind: 'text', text: `\n\n*${words}*` }];
  }
  let left = skip;
  return shown.flatMap((piece): Piece[] => {
    if (piece.kind !== 'text') return [piece];
    const rest = piece.text.slice(left);
    left = Math.max(0, left - piece.text.length);
    return rest === '' ? [] : [{ ...piece, text: rest }];
  });
}
