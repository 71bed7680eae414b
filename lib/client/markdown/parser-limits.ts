/**
 * Input limits of the Markdown parser. Its time is quadratic for some inputs: nested markers,
 * unclosed delimiters, unclosed brackets, headings without blank lines between them. Texts above
 * these limits are displayed unparsed.
 */

/** Approximate length of the segments in which a long block is parsed. */
export const SEGMENT_CHARS = 2_000;
/** Maximum length of a segment; it is split here regardless of the content. */
export const MAX_SEGMENT_CHARS = 4_000;
/** Maximum nesting depth of list items and quotations. */
const MAX_NESTING_DEPTH = 24;
/** Maximum indentation in columns; no realistic list is deeper. */
const MAX_INDENT = 120;
/** Limits of a whole block, which an editor cannot split. */
const BLOCK_LIMITS = { chars: 60_000, delimiters: 3_000 };
/** Limits of a segment. */
const SEGMENT_LIMITS = { chars: 10_000, delimiters: 800 };
const MAX_UNMATCHED_BRACKETS = 40;
/** Maximum number of setext heading underlines. */
const MAX_SETEXT_UNDERLINES = 400;
const MAX_TABLE_COLUMNS = 100;

const CONTAINER_MARKERS = /^(?:[ \t]*(?:>|[-+*](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$)))+/;
const CONTAINER_MARKER = />|[-+*]|\d+[.)]/g;
const DELIMITER_RUN = /(?<![*_~])[*_~]{1,64}(?![*_~])/g;

/**
 * Whether the parse time of a text is bounded by its length. Takes one pass over the text.
 * @param isWholeBlock whether it is a block that cannot be split into segments
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
  return countContainerMarkers(line);
}

/** Number of markers of quotations and list items at the start of a line: its nesting depth. */
export function countContainerMarkers(line: string): number {
  return CONTAINER_MARKERS.exec(line)?.[0].match(CONTAINER_MARKER)?.length ?? 0;
}

/** Number of columns of the table whose delimiter row this is; 0 if it is none. */
function tableColumns(line: string): number {
  if (!/^[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\||$)/.test(line)) return 0;
  return line.split('|').length - 1;
}

/**
 * The larger of: the maximum number of brackets open at once, and the number of closing brackets
 * without an opening one.
 */
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
