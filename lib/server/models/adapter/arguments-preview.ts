/** The chunks of a tool call's arguments that may be displayed while they stream. No I/O. */
import { createArgumentsMeter } from './endpoint-json';

const NUL = '\\u0000';
/** Pages parse all arguments so far again with every chunk. The finished call has them in full. */
const MAX_PREVIEW_CHARS = 20_000;

export type ArgumentsPreview = {
  /** @returns the text that may be displayed now. */
  push(chunk: string): string;
  /** @returns the buffered rest. */
  flush(): string;
};

/**
 * Drops U+0000, escaped or not, however it is split. Stops when the nesting gets too deep or the
 * text too long. The end of a chunk is buffered while it may be the start of such an escape.
 */
export function createArgumentsPreview(): ArgumentsPreview {
  const meter = createArgumentsMeter();
  let pending = '';
  let hasEnded = false;
  let previewedChars = 0;
  return {
    push(chunk) {
      if (hasEnded) return '';
      previewedChars += chunk.length;
      if (previewedChars > MAX_PREVIEW_CHARS || meter.push(chunk).exceeds) {
        hasEnded = true;
        pending = '';
        return '';
      }
      const { text, tail } = dropNul(pending + chunk.replaceAll('\0', ''));
      pending = tail;
      return text;
    },
    flush() {
      const tail = pending;
      pending = '';
      return tail;
    },
  };
}

/** `text` must not start inside an escape. */
function dropNul(text: string): { text: string; tail: string } {
  let output = '';
  let from = 0;
  let at = text.indexOf('\\');
  while (at !== -1) {
    const length = text[at + 1] === 'u' ? NUL.length : 2;
    if (at + length > text.length) break;
    if (text.startsWith(NUL, at)) {
      output += text.slice(from, at);
      from = at + length;
    }
    at = text.indexOf('\\', at + length);
  }
  const end = at === -1 ? text.length : at;
  return { text: output + text.slice(from, end), tail: text.slice(end) };
}
