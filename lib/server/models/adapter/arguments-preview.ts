/** The pieces of a call's arguments as they may be shown while they stream. Pure. */
import { createArgumentsMeter } from './endpoint-json';

const NUL = '\\u0000';
/** Pages read all arguments so far again with every piece. The call itself has them whole. */
const MAX_PREVIEW_CHARS = 20_000;

export type ArgumentsPreview = {
  /** @returns what may be shown now. */
  push(chunk: string): string;
  /** @returns what was held back. */
  flush(): string;
};

/**
 * Leaves out U+0000, escaped or not, however it is split; ends where the nesting gets too deep or the
 * text too long. The end of a piece is held back while it may be the beginning of such an escape.
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
      const { text, rest: tail } = dropNul(pending + chunk.replaceAll('\0', ''));
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

/** `text` begins at no place within an escape. */
function dropNul(text: string): { text: string; rest: string } {
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
  return { text: output + text.slice(from, end), rest: text.slice(end) };
}
