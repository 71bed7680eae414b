/** Server-sent events, as far as chat completions use them: the `data` of each event. Pure. */

export type SseParser = {
  /** Takes any piece of the text; calls `onData` for each event that it completes. */
  push(text: string): void;
  /** The text is over: an event without its closing blank line is still delivered. */
  end(): void;
  /** Lines that belong to no event: not empty for an answer that is no event stream at all. */
  readonly strayLines: number;
  /** Characters of an event that is not complete yet. */
  readonly waiting: number;
};

/** A comment, or a field that says nothing here. */
const OTHER_FIELD = /^(:|(event|id|retry)(:|$))/;

/**
 * Lines end in LF, CRLF or CR, split anywhere; comments are dropped; several `data` lines of one
 * event are joined by LF. Memory is bounded by the longest event.
 */
export function createSseParser(onData: (data: string) => void): SseParser {
  let rest = '';
  let data: string | null = null;
  let afterCr = false;
  let strayLines = 0;

  function takeLine(line: string): void {
    if (line === '') {
      dispatch();
    } else if (line.startsWith('data:')) {
      const value = line.slice(line[5] === ' ' ? 6 : 5);
      data = data === null ? value : `${data}\n${value}`;
    } else if (line === 'data') {
      data = data === null ? '' : `${data}\n`;
    } else if (!OTHER_FIELD.test(line)) {
      strayLines += 1;
    }
  }

  function dispatch(): void {
    if (data === null) return;
    const complete = data;
    data = null;
    onData(complete);
  }

  return {
    push(text) {
      let chunk = text;
      // A CRLF split between two chunks must not count as two line ends.
      if (afterCr && chunk.startsWith('\n')) chunk = chunk.slice(1);
      if (text === '') return;
      afterCr = chunk.endsWith('\r');
      rest += chunk;
      let start = 0;
      const hasCr = rest.includes('\r');
      for (;;) {
        const end = hasCr ? nextLineEnd(rest, start) : rest.indexOf('\n', start);
        if (end === -1) break;
        takeLine(rest.slice(start, end));
        start = rest[end] === '\r' && rest[end + 1] === '\n' ? end + 2 : end + 1;
      }
      rest = rest.slice(start);
    },
    end() {
      if (rest !== '') takeLine(rest);
      rest = '';
      dispatch();
    },
    get waiting() {
      return rest.length + (data?.length ?? 0);
    },
    get strayLines() {
      return strayLines;
    },
  };
}

function nextLineEnd(text: string, from: number): number {
  const lf = text.indexOf('\n', from);
  const cr = text.indexOf('\r', from);
  if (lf === -1) return cr;
  return cr === -1 ? lf : Math.min(lf, cr);
}
