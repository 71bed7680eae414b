/**
 * Reads one row of separated values (RFC 4180). Lenient as spreadsheets are: a cell whose quotes are
 * followed by more goes on, spaces before quotes are skipped, and rows may end in any way.
 */

export type ScannedRow = {
  cells: string[];
  /** Where the row's text ends, and where the next one begins: its line end lies between. */
  end: number;
  next: number;
  /** Where the quote stands that is never closed; -1 if there is none. */
  openQuote: number;
};

const QUOTE = 34;
const SPACE = 32;
const LF = 10;
const CR = 13;

/** @param literal where a quote stands that is to be read as a character; -1 for none */
export function scanRow(text: string, from: number, delimiter: string, literal = -1): ScannedRow {
  const separator = delimiter.charCodeAt(0);
  const cells: string[] = [];
  let openQuote = -1;
  let at = from;
  for (;;) {
    const quote = quoteAt(text, at);
    let value = '';
    if (quote >= 0 && quote !== literal) {
      const quoted = scanQuoted(text, quote + 1);
      value = quoted.value;
      at = quoted.next;
      if (!quoted.closed) openQuote = quote;
    }
    const start = at;
    at = endOfCell(text, at, separator);
    cells.push(value + text.slice(start, at));
    if (text.charCodeAt(at) !== separator) break;
    at++;
  }
  const isCrLf = text.charCodeAt(at) === CR && text.charCodeAt(at + 1) === LF;
  const next = at >= text.length ? at : at + (isCrLf ? 2 : 1);
  return { cells, end: at, next, openQuote };
}

/** Where the quote stands that opens the cell; -1 where it is not quoted. */
function quoteAt(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === SPACE) at++;
  return text.charCodeAt(at) === QUOTE ? at : -1;
}

function scanQuoted(text: string, from: number) {
  let value = '';
  for (let at = from; ; ) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return { value: value + text.slice(at), next: text.length, closed: false };
    if (text.charCodeAt(quote + 1) !== QUOTE) {
      return { value: value + text.slice(at, quote), next: quote + 1, closed: true };
    }
    value += text.slice(at, quote + 1);
    at = quote + 2;
  }
}

function endOfCell(text: string, from: number, separator: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === separator || code === LF || code === CR) break;
  }
  return at;
}
