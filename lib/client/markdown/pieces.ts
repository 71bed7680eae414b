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
import { MAX_PIECE_CHARS, PIECE_CHARS } from '@/lib/client/markdown/limits';

export type Piece = {
  text: string;
  /** What is parsed before it: the head of its table, the first line of its code. */
  lead: string;
  /** How many blanks each of its lines has too many. */
  dedent: number;
  /** How many list items it is in. */
  depth: number;
  /** What it goes on with: nothing that is begun, a list or quotation, a paragraph, code, a table. */
  join: 'none' | 'container' | 'paragraph' | 'code' | 'table';
};

type Fence = { char: string; length: number; line: string; indent: number };
type Item = { indent: number; content: number };

/** So much of a line tells what it is. */
const HEAD = 64;
/** A piece of this length is ended before the next line, if it was not before. */
const LATE_CHARS = 3_000;

const MARKER = /^([ \t]*)((?:[-+*]|\d{1,9}[.)])[ \t]+)/;
const FENCE = /^([ \t]*)(`{3,}|~{3,})/;
const HEADING = /^ {0,3}#{1,6}[ \t]/;
const UNDERLINE = /^ {0,3}(?:=+|-+)[ \t]*$/;
const DELIMITER_ROW = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;
const EMPTY_QUOTE = /^ {0,3}>[ \t]*$/;
/** Nothing that begins so is anything but a line of a paragraph. */
const WORDS = /^\p{L}/u;

/** The pieces of a block; one where it is short. */
export function cutPieces(block: Block): Piece[] {
  const whole: Piece = { text: block.text, lead: '', dedent: 0, depth: 0, join: 'none' };
  if (block.text.length <= PIECE_CHARS) return [whole];
  return new Cutter(block).cut();
}

class Cutter {
  private readonly pieces: Piece[] = [];
  private readonly text: string;
  private start = 0;
  private open: Omit<Piece, 'text'> = { lead: '', dedent: 0, depth: 0, join: 'none' };
  private fence: Fence | undefined;
  private items: Item[] = [];
  private table = '';
  private lineBefore = '';

  constructor(block: Block) {
    this.text = block.text;
  }

  cut(): Piece[] {
    let at = 0;
    while (at < this.text.length) {
      const newline = this.text.indexOf('\n', at);
      const end = newline === -1 ? this.text.length : newline + 1;
      const line = this.text.slice(at, newline === -1 ? end : newline);
      // What a line is must not depend on how much of it has come.
      const known = newline !== -1 || line.length >= HEAD;
      const next = known ? this.before(line.slice(0, HEAD), at) : undefined;
      if (next) this.end(at, next);
      this.read(line);
      while (end - this.start > MAX_PIECE_CHARS) this.breakLine(Math.max(at, this.start));
      at = end;
    }
    this.end(this.text.length, this.open);
    return this.pieces;
  }

  private end(at: number, next: Omit<Piece, 'text'>): void {
    if (at > this.start) this.pieces.push({ ...this.open, text: this.text.slice(this.start, at) });
    this.start = at;
    this.open = next;
  }

  /** How the piece that begins with this line is put together with what is before; else undefined. */
  private before(line: string, at: number): Omit<Piece, 'text'> | undefined {
    const size = at - this.start;
    const indent = indentOf(line);
    const blank = line.trim() === '';
    if (this.fence) {
      if (size < LATE_CHARS || blank || this.lineBefore.trim() === '') return undefined;
      const { line: lead, indent: dedent } = this.fence;
      return { ...this.open, lead: `${lead.trim()}\n`, dedent, join: 'code' };
    }
    if (size > 0 && this.open.dedent > 0 && !blank && indent < this.open.dedent) {
      return this.inItems(line);
    }
    if (size < PIECE_CHARS) return undefined;
    const late = size >= LATE_CHARS;
    if (this.table && !blank) return { ...PLAIN, lead: this.table, join: 'table' };
    const marker = MARKER.exec(line);
    const first = this.items[0];
    if (marker && first) {
      if (indent <= first.indent || late) return this.inItems(line);
    }
    if (first) return late && !blank ? this.inItems(line) : undefined;
    if (/^ {0,3}>/.test(line)) {
      return EMPTY_QUOTE.test(this.lineBefore) || late
        ? { ...PLAIN, join: 'container' }
        : undefined;
    }
    if (this.lineBefore.trim() === '' && indent < 4) return PLAIN;
    if (HEADING.test(line) || UNDERLINE.test(this.lineBefore)) return PLAIN;
    return late || (WORDS.test(line) && this.settled(at))
      ? { ...PLAIN, join: 'paragraph' }
      : undefined;
  }

  /** In the deepest of the open list items that a line with its indentation is in. */
  private inItems(line: string): Omit<Piece, 'text'> {
    const indent = indentOf(line);
    const depth = this.items.filter(({ content }) => content <= indent).length;
    const dedent = depth === 0 ? 0 : indent;
    return { lead: '', dedent, depth, join: 'container' };
  }

  /** Takes in what a line says of the lines after it. */
  private read(line: string): void {
    const fence = FENCE.exec(line);
    if (this.fence) {
      const run = line.trim();
      const { char, length } = this.fence;
      if (run.length >= length && run === char.repeat(run.length)) this.fence = undefined;
    } else if (fence && this.items.length > 0) {
      const [, indent = '', run = ''] = fence;
      this.fence = { char: run.charAt(0), length: run.length, line, indent: indent.length };
    } else if (line.trim() === '') {
      this.table = '';
    } else {
      this.readMarker(line);
      if (DELIMITER_ROW.test(line) && line.includes('|') && this.lineBefore.includes('|')) {
        const head = `${this.lineBefore}\n${line}\n`;
        this.table = this.items.length === 0 && head.length < PIECE_CHARS ? head : '';
      }
    }
    this.lineBefore = line;
  }

  private readMarker(line: string): void {
    const marker = MARKER.exec(line);
    if (!marker) return;
    const indent = indentOf(line);
    while (this.items.length > 0 && indent < (this.items.at(-1) as Item).content) this.items.pop();
    this.items.push({ indent, content: indent + (marker[2] as string).length });
  }

  /** Whether all signs since the piece began have their counterparts, as far as counting tells. */
  private settled(at: number): boolean {
    const text = this.text.slice(this.start, at);
    const even = (sign: RegExp) => (text.match(sign)?.length ?? 0) % 2 === 0;
    const same = (open: RegExp, close: RegExp) =>
      (text.match(open)?.length ?? 0) === (text.match(close)?.length ?? 0);
    return (
      even(/`+/g) &&
      even(/\*+/g) &&
      even(/~~/g) &&
      even(/\$\$/g) &&
      same(/\[/g, /\]/g) &&
      same(/</g, />/g)
    );
  }

  /** Ends the piece within a line that is too long for it. */
  private breakLine(lineStart: number): void {
    const from = Math.max(this.start + PIECE_CHARS, lineStart);
    const last = this.start + MAX_PIECE_CHARS;
    let at = -1;
    for (let blank = this.text.indexOf(' ', from); blank !== -1 && blank < last; ) {
      at = blank + 1;
      if (this.settled(at)) break;
      blank = this.text.indexOf(' ', blank + 64);
    }
    if (at === -1) at = last - (isLowSurrogate(this.text.charCodeAt(last)) ? 1 : 0);
    this.end(at, {
      ...PLAIN,
      join: this.fence ? 'code' : 'paragraph',
      lead: this.fence ? '```\n' : '',
    });
  }
}

const PLAIN: Omit<Piece, 'text'> = { lead: '', dedent: 0, depth: 0, join: 'none' };

function indentOf(line: string): number {
  return /^[ \t]*/.exec(line)?.[0].length ?? 0;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
