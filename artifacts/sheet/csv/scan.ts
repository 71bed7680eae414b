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

/** @param literalQuoteAt where a quote stands that is to be read as a character; -1 for none */
export function scanRow(
  text: string,
  from: number,
  delimiter: string,
  literalQuoteAt = -1,
): ScannedRow {
  const separator = delimiter.charCodeAt(0);
  const cells: string[] = [];
  let openQuote = -1;
  let position = from;
  for (;;) {
    const quote = findOpeningQuote(text, position);
    let value = '';
    if (quote >= 0 && quote !== literalQuoteAt) {
      const quoted = scanQuotedValue(text, quote + 1);
      value = quoted.value;
      position = quoted.next;
      if (!quoted.closed) openQuote = quote;
    }
    const start = position;
    position = findCellEnd(text, position, separator);
    cells.push(value + text.slice(start, position));
    if (text.charCodeAt(position) !== separator) break;
    position++;
  }
  const isCrLf = text.charCodeAt(position) === CR && text.charCodeAt(position + 1) === LF;
  const next = position >= text.length ? position : position + (isCrLf ? 2 : 1);
  return { cells, end: position, next, openQuote };
}

/** Where the quote stands that opens the cell; -1 where it is not quoted. */
function findOpeningQuote(text: string, from: number): number {
  let position = from;
  while (text.charCodeAt(position) === SPACE) position++;
  return text.charCodeAt(position) === QUOTE ? position : -1;
}

function scanQuotedValue(text: string, from: number) {
  let value = '';
  for (let position = from; ; ) {
    const quote = text.indexOf('"', position);
    if (quote < 0) return { value: value + text.slice(position), next: text.length, closed: false };
    if (text.charCodeAt(quote + 1) !== QUOTE) {
      return { value: value + text.slice(position, quote), next: quote + 1, closed: true };
    }
    value += text.slice(position, quote + 1);
    position = quote + 2;
  }
}

function findCellEnd(text: string, from: number, separator: number): number {
  let position = from;
  for (; position < text.length; position++) {
    const code = text.charCodeAt(position);
    if (code === separator || code === LF || code === CR) break;
  }
  return position;
}
