/**
 * Splits Markdown into blocks that can be parsed and rendered separately while the text is
 * streaming.
 *
 * Invariants (asserted by tests):
 * - The concatenated blocks are the text.
 * - Appended text changes at most the last block. Earlier blocks stay the same and need not
 * re-render. Whatever is still undecided stays in the last block.
 * - A split is made only where the parts mean the same separately as together. Not splitting is
 * always correct.
 */

export type Block = {
  /** 'fence' is a top-level code block, rendered without the Markdown parser. */
  kind: 'flow' | 'list' | 'fence' | 'math' | 'html';
  text: string;
};

type Fence = { char: string; length: number };

/** The block being read. `closed`: the next line that is not blank starts a new block. */
type OpenBlock = {
  kind: Block['kind'];
  start: number;
  closed: boolean;
  isAfterBlankLine: boolean;
  fence: Fence | undefined;
  /** The terminator of the open math or comment. */
  terminator: string | undefined;
  htmlDepth: number;
  /** Whether a formula starts at the end of a line and is not closed yet. */
  hasOpenFormula: boolean;
};

const LIST_MARKER = /^\s*(?:[-+*]|\d{1,9}[.)])(?:\s|$)/;
/** May still become a list marker. */
const PARTIAL_LIST_MARKER = /^ ?(?:[-+*]|\d{1,9}[.)]?)$/;
const FENCE_OPENS = /^( *)(?:(`{3,})[^`]*|(~{3,}).*)$/;
const MATH_OPENS = /^ {0,3}\$\$(?!\$)[^$]*$/;
/** Excludes an escaped literal bracket, as in `\\[1] Author, Title`. */
const BRACKET_MATH_OPENS = /^ {0,3}\\\[(?!.*\\\])(?![^[\]]*(?<!\\)\])/;
const HTML_OPENS = /^ {0,3}<(?:!--|\/?[a-z])/i;
/** Elements that may contain blank lines and Markdown. */
const CONTAINER_TAG =
  /<(\/?)(?:details|div|section|article|aside|table|blockquote|ul|ol|dl|center|figure|pre|form|nav|header|footer|main)\b[^>]*?(\/?)>/gi;

/** Splits a text into blocks. */
export function splitBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  let open: OpenBlock | undefined;
  let position = 0;
  while (position < text.length) {
    const newline = text.indexOf('\n', position);
    const complete = newline !== -1;
    const end = complete ? newline + 1 : text.length;
    const line = text.slice(position, complete ? newline : end).trimEnd();
    if (!open) {
      open = startBlock(position);
    } else if (line !== '' && startsBlock(open, line, complete)) {
      blocks.push({ kind: open.kind, text: text.slice(open.start, position) });
      open = startBlock(position);
    }
    readLine(open, line, complete, position === open.start);
    position = end;
  }
  if (open) blocks.push({ kind: open.kind, text: text.slice(open.start) });
  return blocks;
}

/** Splits a text that has grown. Returns the same block objects for what has not changed. */
export function updateBlocks(
  previousBlocks: readonly Block[],
  previousText: string,
  text: string,
): Block[] {
  const last = previousBlocks.at(-1);
  if (!last || !text.startsWith(previousText)) return splitBlocks(text);
  const tail = splitBlocks(text.slice(previousText.length - last.text.length));
  return [...previousBlocks.slice(0, -1), ...tail];
}

/** Maximum number of blocks in a group; MAX_GROUP_CHARS limits its characters. */
const MAX_GROUP_BLOCKS = 6;
const MAX_GROUP_CHARS = 1_500;

/** Groups blocks for rendering. Appended blocks change at most the last group. */
export function groupBlocks(blocks: readonly Block[]): Block[][] {
  const groups: Block[][] = [];
  let chars = 0;
  for (const block of blocks) {
    const group = groups.at(-1);
    if (!group || group.length >= MAX_GROUP_BLOCKS || chars >= MAX_GROUP_CHARS) {
      groups.push([block]);
      chars = 0;
    } else {
      group.push(block);
    }
    chars += block.text.length;
  }
  return groups;
}

function startBlock(start: number): OpenBlock {
  return {
    kind: 'flow',
    start,
    closed: false,
    isAfterBlankLine: false,
    fence: undefined,
    terminator: undefined,
    htmlDepth: 0,
    hasOpenFormula: false,
  };
}

/** Whether a non-blank line starts a new block; false while undecided. */
function startsBlock(open: OpenBlock, line: string, complete: boolean): boolean {
  if (open.closed) return true;
  if (open.fence || open.terminator || open.htmlDepth > 0) return false;
  if (!open.isAfterBlankLine) return complete && interrupts(open, line);
  if (open.kind === 'list') {
    if (/^(?: {2}|\s?\t)/.test(line) || LIST_MARKER.test(line)) return false;
    return complete || !PARTIAL_LIST_MARKER.test(line);
  }
  // Deeper lines may continue indented code.
  return !/^(?: {4}| {0,3}\t)/.test(line);
}

/** Code and math start a block even without a preceding blank line. */
function interrupts({ kind, hasOpenFormula }: OpenBlock, line: string): boolean {
  const maxIndent = kind === 'list' ? 1 : 3;
  const fence = FENCE_OPENS.exec(line);
  if (fence) return (fence[1] as string).length <= maxIndent;
  if (maxIndent < 3 || hasOpenFormula) return false;
  return MATH_OPENS.test(line) || BRACKET_MATH_OPENS.test(line);
}

/** Whether text of the line precedes a formula that the next line closes: `So $$x` … `= y$$`. */
function opensFormula(line: string): boolean {
  const pieces = line.split('$$');
  return pieces.length % 2 === 0 && /^\s*\S{0,2}\s*$|[\\^_={}]/.test(pieces.at(-1) as string);
}

/** Updates the open block with a line. */
function readLine(open: OpenBlock, line: string, complete: boolean, isFirstLine: boolean): void {
  if (open.closed) return;
  if (open.fence) {
    if (complete && closesFence(line, open)) closeFence(open);
    return;
  }
  if (open.terminator) {
    if (complete && line.includes(open.terminator)) {
      open.terminator = undefined;
      open.closed = open.kind === 'math';
    }
    return;
  }
  if (line === '') {
    open.isAfterBlankLine = true;
    open.hasOpenFormula = false;
    if (open.kind === 'html' && open.htmlDepth <= 0) open.closed = true;
    return;
  }
  open.isAfterBlankLine = false;
  if (opensFormula(line) || (open.hasOpenFormula && line.includes('$$')))
    open.hasOpenFormula = !open.hasOpenFormula;
  const fence = FENCE_OPENS.exec(line);
  if (fence) {
    const run = (fence[2] ?? fence[3]) as string;
    const isOwnBlock = isFirstLine && (fence[1] as string).length <= 3;
    if (isOwnBlock) open.kind = 'fence';
    if (complete && (isOwnBlock || open.kind === 'list' || open.kind === 'html')) {
      open.fence = { char: run[0] as string, length: run.length };
    }
    return;
  }
  if (isFirstLine && complete && (MATH_OPENS.test(line) || BRACKET_MATH_OPENS.test(line))) {
    open.kind = 'math';
    open.terminator = MATH_OPENS.test(line) ? '$$' : '\\]';
    return;
  }
  readMarkers(open, line, complete);
}

function readMarkers(open: OpenBlock, line: string, complete: boolean): void {
  // A paragraph that starts with a tag may continue with a list.
  const isHtmlEnded = open.kind === 'html' && open.htmlDepth <= 0;
  if ((open.kind === 'flow' || isHtmlEnded) && LIST_MARKER.test(line)) open.kind = 'list';
  if (open.kind === 'flow' && HTML_OPENS.test(line)) open.kind = 'html';
  if (open.kind !== 'html' || !complete) return;
  const comment = line.lastIndexOf('<!--');
  if (comment !== -1 && !line.includes('-->', comment)) open.terminator = '-->';
  for (const [, closing, selfClosing] of line.matchAll(CONTAINER_TAG)) {
    if (selfClosing) continue;
    open.htmlDepth = Math.max(0, open.htmlDepth + (closing ? -1 : 1));
  }
}

/**
 * A fence indented by more than three spaces is code, except in a list, where the limit depends on
 * the item.
 */
function closesFence(line: string, { kind, fence }: OpenBlock): boolean {
  const run = line.trim();
  if (!fence || (kind === 'fence' && /^(?: {4}| {0,3}\t)/.test(line))) return false;
  return run.length >= fence.length && run === fence.char.repeat(run.length);
}

function closeFence(open: OpenBlock): void {
  open.fence = undefined;
  if (open.kind === 'fence') open.closed = true;
}

export type FencedCode = { language: string; code: string; closed: boolean };

/** Parses a block of kind 'fence'. While streaming, its last line may be an incomplete fence. */
export function parseFence(text: string): FencedCode {
  const newline = text.indexOf('\n');
  const openingLine = (newline === -1 ? text : text.slice(0, newline)).trim();
  const fenceChars = /^(?:`+|~+)/.exec(openingLine)?.[0] ?? '';
  const language =
    /^[^\s{]*/.exec(openingLine.slice(fenceChars.length).trim())?.[0]?.toLowerCase() ?? '';
  const lines =
    newline === -1
      ? []
      : text
          .slice(newline + 1)
          .trimEnd()
          .split('\n');
  const indent = /^ {0,3}/.exec(text)?.[0].length ?? 0;
  const last = lines.at(-1)?.trim() ?? '';
  const isFence =
    last !== '' && fenceChars.startsWith(last.slice(0, fenceChars.length)) && isRepeatedChar(last);
  const closed = isFence && last.length >= fenceChars.length;
  if (isFence) lines.pop();
  const code = lines.map((line) => stripIndent(line, indent)).join('\n');
  return { language, code, closed };
}

function isRepeatedChar(text: string): boolean {
  return text === (text[0] as string).repeat(text.length);
}

function stripIndent(line: string, indent: number): string {
  let from = 0;
  while (from < indent && line[from] === ' ') from += 1;
  return line.slice(from);
}
