/**
 * What the Markdown parser may be given. Its time grows with the square of some inputs: markers
 * within markers, delimiters that nothing closes, brackets that nothing closes, headings without
 * blank lines between them. Texts beyond these limits are shown as they are written.
 */

/** A long block is parsed in pieces of about this many characters. */
export const PIECE_CHARS = 2_000;
/** A piece ends here, wherever that is. */
export const MAX_PIECE_CHARS = 4_000;
/** List items and quotations within one another. */
const MAX_DEPTH = 24;
/** A line that begins deeper (columns) is in no list that anybody wrote. */
const MAX_INDENT = 120;
/** Of a block that an editor must have whole. */
const BLOCK = { chars: 60_000, delimiters: 3_000 };
/** Of a piece of one. */
const PIECE = { chars: 10_000, delimiters: 800 };
const MAX_UNMATCHED_BRACKETS = 40;
/** Underlines of headings. */
const MAX_UNDERLINES = 400;
const MAX_COLUMNS = 100;

const CONTAINERS = /^(?:[ \t]*(?:>|[-+*](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$)))+/;
const CONTAINER = />|[-+*]|\d+[.)]/g;
const DELIMITER = /(?<![*_~])[*_~]{1,64}(?![*_~])/g;

/**
 * Whether a text can be parsed in time that its length bounds. Takes one pass over it.
 * @param whole whether it is a block that cannot be cut into pieces
 */
export function isParsable(text: string, whole = false): boolean {
  const { chars, delimiters } = whole ? BLOCK : PIECE;
  if (text.length > chars) return false;
  if ((text.match(DELIMITER)?.length ?? 0) > delimiters) return false;
  if (unmatchedBrackets(text) > MAX_UNMATCHED_BRACKETS) return false;
  let underlines = 0;
  for (const line of text.split('\n')) {
    if (/^ {0,3}(?:=+|-+)[ \t]*$/.test(line) && ++underlines > MAX_UNDERLINES) return false;
    if (depthOf(line) > MAX_DEPTH || columnsOf(line) > MAX_COLUMNS) return false;
  }
  return true;
}

function depthOf(line: string): number {
  const indent = /^[ \t]*/.exec(line)?.[0].length ?? 0;
  if (indent > MAX_INDENT) return Number.POSITIVE_INFINITY;
  const containers = CONTAINERS.exec(line)?.[0];
  return containers ? (containers.match(CONTAINER)?.length ?? 0) : 0;
}

/** How many columns a table would have whose first row this is. */
function columnsOf(line: string): number {
  if (!/^[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\||$)/.test(line)) return 0;
  return line.split('|').length - 1;
}

/** The most brackets that are open at one place, or how many close nothing: the larger of the two. */
function unmatchedBrackets(text: string): number {
  let open = 0;
  let most = 0;
  let unopened = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === 0x5b) most = Math.max(most, ++open);
    else if (char === 0x5d && open > 0) open--;
    else if (char === 0x5d) unopened++;
  }
  return Math.max(most, unopened);
}
