/**
 * A long block cut into pieces that are parsed apart and put together again as one tree (tree.ts),
 * so that the work for a block that grows, and for one of any length, is bounded.
 *
 * Invariants (tests hold them):
 * - The pieces joined are the block.
 * - Text that is appended changes the last piece at most.
 * - No piece is longer than MAX_PIECE_CHARS. A cut is made where the parts mean the same apart as
 *   together, unless there is no such place within that length.
 */
import type { Block } from '@/lib/client/markdown/blocks';
import { MAX_SEGMENT_CHARS, SEGMENT_CHARS } from '@/lib/client/markdown/parser-limits';

export type BlockSegment = {
  text: string;
  /** What is parsed before it: the head of its table, the first line of its code. */
  prefix: string;
  /** How many blanks each of its lines has too many. */
  dedent: number;
  /** How many list items it is in. */
  depth: number;
  /** What it goes on with: nothing that is begun, a list or quotation, a paragraph, code, a table. */
  continues: 'none' | 'container' | 'paragraph' | 'code' | 'table';
};

type Fence = { char: string; length: number; line: string; indent: number };
type Item = { indent: number; content: number };

/** So much of a line tells what it is. */
const LINE_HEAD_CHARS = 64;
/** A piece of this length is ended before the next line, if it was not before. */
const LATE_SEGMENT_CHARS = 3_000;

const LIST_MARKER = /^([ \t]*)((?:[-+*]|\d{1,9}[.)])[ \t]+)/;
const FENCE_OPENER = /^([ \t]*)(`{3,}|~{3,})/;
const HEADING = /^ {0,3}#{1,6}[ \t]/;
const SETEXT_UNDERLINE = /^ {0,3}(?:=+|-+)[ \t]*$/;
const DELIMITER_ROW = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;
const EMPTY_QUOTE = /^ {0,3}>[ \t]*$/;
/** Nothing that begins so is anything but a line of a paragraph. */
const STARTS_WITH_LETTER = /^\p{L}/u;

/** The pieces of a block; one where it is short. */
export function splitSegments(block: Block): BlockSegment[] {
  const single: BlockSegment = {
    text: block.text,
    prefix: '',
    dedent: 0,
    depth: 0,
    continues: 'none',
  };
  if (block.text.length <= SEGMENT_CHARS) return [single];
  return new SegmentSplitter(block).split();
}

class SegmentSplitter {
  private readonly segments: BlockSegment[] = [];
  private readonly text: string;
  private start = 0;
  private current: Omit<BlockSegment, 'text'> = {
    prefix: '',
    dedent: 0,
    depth: 0,
    continues: 'none',
  };
  private fence: Fence | undefined;
  private items: Item[] = [];
  private tableHead = '';
  private previousLine = '';

  constructor(block: Block) {
    this.text = block.text;
  }

  split(): BlockSegment[] {
    let position = 0;
    while (position < this.text.length) {
      const newline = this.text.indexOf('\n', position);
      const end = newline === -1 ? this.text.length : newline + 1;
      const line = this.text.slice(position, newline === -1 ? end : newline);
      // What a line is must not depend on how much of it has come.
      const isKnown = newline !== -1 || line.length >= LINE_HEAD_CHARS;
      const next = isKnown
        ? this.segmentStart(line.slice(0, LINE_HEAD_CHARS), position)
        : undefined;
      if (next) this.endSegment(position, next);
      this.readLine(line);
      while (end - this.start > MAX_SEGMENT_CHARS)
        this.breakWithinLine(Math.max(position, this.start));
      position = end;
    }
    this.endSegment(this.text.length, this.current);
    return this.segments;
  }

  private endSegment(at: number, next: Omit<BlockSegment, 'text'>): void {
    if (at > this.start)
      this.segments.push({ ...this.current, text: this.text.slice(this.start, at) });
    this.start = at;
    this.current = next;
  }

  /** How the piece that begins with this line is put together with what is before; else undefined. */
  private segmentStart(line: string, at: number): Omit<BlockSegment, 'text'> | undefined {
    const size = at - this.start;
    const indent = indentOf(line);
    const isBlankLine = line.trim() === '';
    if (this.fence) {
      if (size < LATE_SEGMENT_CHARS || isBlankLine || this.previousLine.trim() === '')
        return undefined;
      const { line: lead, indent: dedent } = this.fence;
      return { ...this.current, prefix: `${lead.trim()}\n`, dedent, continues: 'code' };
    }
    if (size > 0 && this.current.dedent > 0 && !isBlankLine && indent < this.current.dedent) {
      return this.startWithinItems(line);
    }
    if (size < SEGMENT_CHARS) return undefined;
    const isLate = size >= LATE_SEGMENT_CHARS;
    if (this.tableHead && !isBlankLine)
      return { ...PLAIN_SEGMENT, prefix: this.tableHead, continues: 'table' };
    const marker = LIST_MARKER.exec(line);
    const first = this.items[0];
    if (marker && first) {
      if (indent <= first.indent || isLate) return this.startWithinItems(line);
    }
    if (first) return isLate && !isBlankLine ? this.startWithinItems(line) : undefined;
    if (/^ {0,3}>/.test(line)) {
      return EMPTY_QUOTE.test(this.previousLine) || isLate
        ? { ...PLAIN_SEGMENT, continues: 'container' }
        : undefined;
    }
    if (this.previousLine.trim() === '' && indent < 4) return PLAIN_SEGMENT;
    if (HEADING.test(line) || SETEXT_UNDERLINE.test(this.previousLine)) return PLAIN_SEGMENT;
    return isLate || (STARTS_WITH_LETTER.test(line) && this.hasBalancedDelimiters(at))
      ? { ...PLAIN_SEGMENT, continues: 'paragraph' }
      : undefined;
  }

  /** In the deepest of the open list items that a line with its indentation is in. */
  private startWithinItems(line: string): Omit<BlockSegment, 'text'> {
    const indent = indentOf(line);
    const depth = this.items.filter(({ content }) => content <= indent).length;
    const dedent = depth === 0 ? 0 : indent;
    return { prefix: '', dedent, depth, continues: 'container' };
  }

  /** Takes in what a line says of the lines after it. */
  private readLine(line: string): void {
    const fence = FENCE_OPENER.exec(line);
    if (this.fence) {
      const run = line.trim();
      const { char, length } = this.fence;
      if (run.length >= length && run === char.repeat(run.length)) this.fence = undefined;
    } else if (fence && this.items.length > 0) {
      const [, indent = '', run = ''] = fence;
      this.fence = { char: run.charAt(0), length: run.length, line, indent: indent.length };
    } else if (line.trim() === '') {
      this.tableHead = '';
    } else {
      this.readMarker(line);
      if (DELIMITER_ROW.test(line) && line.includes('|') && this.previousLine.includes('|')) {
        const head = `${this.previousLine}\n${line}\n`;
        this.tableHead = this.items.length === 0 && head.length < SEGMENT_CHARS ? head : '';
      }
    }
    this.previousLine = line;
  }

  private readMarker(line: string): void {
    const marker = LIST_MARKER.exec(line);
    if (!marker) return;
    const indent = indentOf(line);
    while (this.items.length > 0 && indent < (this.items.at(-1) as Item).content) this.items.pop();
    this.items.push({ indent, content: indent + (marker[2] as string).length });
  }

  /** Whether all signs since the piece began have their counterparts, as far as counting tells. */
  private hasBalancedDelimiters(at: number): boolean {
    const text = this.text.slice(this.start, at);
    const isEven = (sign: RegExp) => (text.match(sign)?.length ?? 0) % 2 === 0;
    const isBalanced = (open: RegExp, close: RegExp) =>
      (text.match(open)?.length ?? 0) === (text.match(close)?.length ?? 0);
    return (
      isEven(/`+/g) &&
      isEven(/\*+/g) &&
      isEven(/~~/g) &&
      isEven(/\$\$/g) &&
      isBalanced(/\[/g, /\]/g) &&
      isBalanced(/</g, />/g)
    );
  }

  /** Ends the piece within a line that is too long for it. */
  private breakWithinLine(lineStart: number): void {
    const from = Math.max(this.start + SEGMENT_CHARS, lineStart);
    const last = this.start + MAX_SEGMENT_CHARS;
    let at = -1;
    for (let blank = this.text.indexOf(' ', from); blank !== -1 && blank < last; ) {
      at = blank + 1;
      if (this.hasBalancedDelimiters(at)) break;
      blank = this.text.indexOf(' ', blank + 64);
    }
    if (at === -1) at = last - (isLowSurrogate(this.text.charCodeAt(last)) ? 1 : 0);
    this.endSegment(at, {
      ...PLAIN_SEGMENT,
      continues: this.fence ? 'code' : 'paragraph',
      prefix: this.fence ? '```\n' : '',
    });
  }
}

const PLAIN_SEGMENT: Omit<BlockSegment, 'text'> = {
  prefix: '',
  dedent: 0,
  depth: 0,
  continues: 'none',
};

function indentOf(line: string): number {
  return /^[ \t]*/.exec(line)?.[0].length ?? 0;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
