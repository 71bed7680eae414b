/**
 * Splits a long block into segments that are parsed separately and joined into one tree
 * (join-segments.ts), which bounds the work for a block that grows and for a block of any length.
 *
 * Invariants (asserted by tests):
 * - The concatenated segments are the block.
 * - Appended text changes at most the last segment.
 * - No segment is longer than MAX_SEGMENT_CHARS. A split is made where the parts mean the same
 * separately as together, unless there is no such position within that length.
 */
import type { Block } from '@/lib/client/markdown/blocks';
import { MAX_SEGMENT_CHARS, SEGMENT_CHARS } from '@/lib/client/markdown/parser-limits';
import { codePointBoundary } from '@/lib/shared/surrogates';

export type BlockSegment = {
  text: string;
  /** Text parsed before the segment: the head of its table, the first line of its code. */
  prefix: string;
  /** Number of indentation characters to remove from each line. */
  dedent: number;
  /** Number of list items that contain it. */
  depth: number;
  /** The kind of block that the segment continues; a container is a list or a quotation. */
  continues: 'none' | 'container' | 'paragraph' | 'code' | 'table';
};

type Fence = { char: string; length: number; line: string; indent: number };
type Item = { indent: number; content: number };

/** Length of a line's start that is enough to classify the line. */
const LINE_HEAD_CHARS = 64;
/** A segment of this length ends before the next line, at the latest. */
const LATE_SEGMENT_CHARS = 3_000;

const LIST_MARKER = /^([ \t]*)((?:[-+*]|\d{1,9}[.)])[ \t]+)/;
const FENCE_OPENER = /^([ \t]*)(`{3,}|~{3,})/;
const HEADING = /^ {0,3}#{1,6}[ \t]/;
const SETEXT_UNDERLINE = /^ {0,3}(?:=+|-+)[ \t]*$/;
const DELIMITER_ROW = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;
const EMPTY_QUOTE = /^ {0,3}>[ \t]*$/;
/** A line with this start can only be part of a paragraph. */
const STARTS_WITH_LETTER = /^\p{L}/u;

/** Returns the segments of a block; only one if it is short. */
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
      // The classification of a line must not depend on how much of it has arrived.
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

  private endSegment(position: number, next: Omit<BlockSegment, 'text'>): void {
    if (position > this.start)
      this.segments.push({ ...this.current, text: this.text.slice(this.start, position) });
    this.start = position;
    this.current = next;
  }

  /**
   * Returns how a segment that starts with this line is joined to the previous ones; undefined if
   * none should start here.
   */
  private segmentStart(line: string, position: number): Omit<BlockSegment, 'text'> | undefined {
    const size = position - this.start;
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
    return isLate || (STARTS_WITH_LETTER.test(line) && this.hasBalancedDelimiters(position))
      ? { ...PLAIN_SEGMENT, continues: 'paragraph' }
      : undefined;
  }

  /** Starts a segment in the deepest open list item that the line's indentation belongs to. */
  private startWithinItems(line: string): Omit<BlockSegment, 'text'> {
    const indent = indentOf(line);
    const depth = this.items.filter(({ content }) => content <= indent).length;
    const dedent = depth === 0 ? 0 : indent;
    return { prefix: '', dedent, depth, continues: 'container' };
  }

  /**
   * Updates the state with a line: fences, list items and table heads affect the lines after it.
   */
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

  /**
   * Whether all delimiters since the start of the segment are paired, as far as counting can show.
   */
  private hasBalancedDelimiters(position: number): boolean {
    const text = this.text.slice(this.start, position);
    const isEven = (delimiter: RegExp) => (text.match(delimiter)?.length ?? 0) % 2 === 0;
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

  /** Ends the segment within a line that is too long for it. */
  private breakWithinLine(lineStart: number): void {
    const from = Math.max(this.start + SEGMENT_CHARS, lineStart);
    const last = this.start + MAX_SEGMENT_CHARS;
    let position = -1;
    for (let space = this.text.indexOf(' ', from); space !== -1 && space < last; ) {
      position = space + 1;
      if (this.hasBalancedDelimiters(position)) break;
      space = this.text.indexOf(' ', space + 64);
    }
    if (position === -1) position = codePointBoundary(this.text, last);
    this.endSegment(position, {
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
