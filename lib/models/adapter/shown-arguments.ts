/** The pieces of a call's arguments as they may be shown while they stream. Pure. */
import { createArgumentsMeter } from './json-depth';

const NUL = '\\u0000';
/** Pages read all arguments so far again with every piece. The call itself has them whole. */
const MAX_SHOWN_CHARS = 20_000;

export type ShownArguments = {
  /** @returns what may be shown now. */
  push(piece: string): string;
  /** @returns what was held back. */
  flush(): string;
};

/**
 * Leaves out U+0000, escaped or not, however it is split; ends where the nesting gets too deep or the
 * text too long. The end of a piece is held back while it may be the beginning of such an escape.
 */
export function createShownArguments(): ShownArguments {
  const meter = createArgumentsMeter();
  let held = '';
  let ended = false;
  let shown = 0;
  return {
    push(piece) {
      if (ended) return '';
      shown += piece.length;
      if (shown > MAX_SHOWN_CHARS || meter.push(piece).exceeds) {
        ended = true;
        held = '';
        return '';
      }
      const { text, rest } = dropNul(held + piece.replaceAll('\0', ''));
      held = rest;
      return text;
    },
    flush() {
      const rest = held;
      held = '';
      return rest;
    },
  };
}

/** `text` begins at no place within an escape. */
function dropNul(text: string): { text: string; rest: string } {
  let kept = '';
  let from = 0;
  let at = text.indexOf('\\');
  while (at !== -1) {
    const length = text[at + 1] === 'u' ? NUL.length : 2;
    if (at + length > text.length) break;
    if (text.startsWith(NUL, at)) {
      kept += text.slice(from, at);
      from = at + length;
    }
    at = text.indexOf('\\', at + length);
  }
  const end = at === -1 ? text.length : at;
  return { text: kept + text.slice(from, end), rest: text.slice(end) };
}
