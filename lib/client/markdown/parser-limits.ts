/**
 * What the Markdown parser may be given. Its time grows with the square of some inputs: markers
 * within markers, delimiters that nothing closes, brackets that nothing closes, headings without
 * blank lines between them. Texts beyond these limits are shown as they are written.
 */

/** A long block is parsed in pieces of about this many characters. */
export const SEGMENT_CHARS = 2_000;
/** A piece ends here, wherever that is. */
export const MAX_SEGMENT_CHARS = 4_000;
/** List items and quotations within one another. */
const MAX_NESTING_DEPTH = 24;
/** A line that begins deeper (columns) is in no list that anybody wrote. */
const MAX_INDENT = 120;
/** Of a block that an editor must have whole. */
const BLOCK_LIMITS = { chars: 60_000, delimiters: 3_000 };
/** Of a piece of one. */
const SEGMENT_LIMITS = { chars: 10_000, delimiters: 800 };
const MAX_UNMATCHED_BRACKETS = 40;
/** Underlines of headings. */
const MAX_SETEXT_UNDERLINES = 400;
const MAX_TABLE_COLUMNS = 100;

const CONTAINER_MARKERS = /^(?:[ \t]*(?:>|[-+*](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$)))+/;
const CONTAINER_MARKER = />|[-+*]|\d+[.)]/g;
const DELIMITER_RUN = /(?<![*_~])[*_~]{1,64}(?![*_~])/g;

/**
 * Whether a text can be parsed in time that its length bounds. Takes one pass over it.
 * @param isWholeBlock whether it is a block that cannot be cut into pieces
 */
export function isParsable(text: string, isWholeBlock = false): boolean {
  const { chars, delimiters } = isWholeBlock ? BLOCK_LIMITS : SEGMENT_LIMITS;
  if (text.length > chars) return false;
  if ((text.match(DELIMITER_RUN)?.length ?? 0) > delimiters) return false;
  if (countUnmatchedBrackets(text) > MAX_UNMATCHED_BRACKETS) return false;
  let underlines = 0;
  for (const line of text.split('\n')) {
    if (/^ {0,3}(?:=+|-+)[ \t]*$/.test(line) && ++underlines > MAX_SETEXT_UNDERLINES) return false;
    if (nestingDepth(line) > MAX_NESTING_DEPTH || tableColumns(line) > MAX_TABLE_COLUMNS)
      return false;
  }
  return true;
}

function nestingDepth(line: string): number {
  const indent = /^[ \t]*/.exec(line)?.[0].length ?? 0;
  if (indent > MAX_INDENT) return Number.POSITIVE_INFINITY;
  const containers = CONTAINER_MARKERS.exec(line)?.[0];
  return containers ? (containers.match(CONTAINER_MARKER)?.length ?? 0) : 0;
}

/** How many columns a table would have whose first row this is. */
function tableColumns(line: string): number {
  if (!/^[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\||$)/.test(line)) return 0;
  return line.split('|').length - 1;
}

/** The most brackets that are open at one place, or how many close nothing: the larger of the two. */
function countUnmatchedBrackets(text: string): number {
  let open = 0;
  let maxOpen = 0;
  let unopened = 0;
  for (let index = 0; index < text.length; index++) {
    const char = text.charCodeAt(index);
    if (char === 0x5b) maxOpen = Math.max(maxOpen, ++open);
    else if (char === 0x5d && open > 0) open--;
    else if (char === 0x5d) unopened++;
  }
  return Math.max(maxOpen, unopened);
}
