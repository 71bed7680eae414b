/**
 * Scans one CSV row (RFC 4180). As lenient as spreadsheets: text after a closing quote belongs to
 * the cell, spaces before an opening quote are skipped, and any line end is accepted.
 */

export type ScannedRow = {
  cells: string[];
  /** The end of the row's text, before its line end. */
  end: number;
  /** The start of the next row. */
  next: number;
  /** The position of an unclosed quote; -1 if there is none. */
  openQuote: number;
};

const QUOTE = 34;
const SPACE = 32;
const LF = 10;
const CR = 13;

/** @param literalQuoteAt position of a quote to read as a character; -1 for none */
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

/** Returns the position of the quote that opens the cell; -1 if the cell is not quoted. */
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
