/** A document in Markdown as it comes, without a fence around all of it. */
import {
  closes,
  type Fence,
  fenceOf,
  isBlank,
  isProse,
  isRule,
  LineCutter,
  mayBecomeFence,
} from '@/lib/tools/fences';
import { type Piece, RESTART } from '@/lib/tools/pieces';

/** What a fence around a whole document says of its content; the first three can mean nothing else. */
const MARKDOWN = new Set(['markdown', 'md', 'mdx']);
const WRAPPERS = new Set([...MARKDOWN, '', 'text', 'txt', 'plaintext', 'plain']);

/** A line that is longer is no fence, and more white space than this is a part of the document. */
const MAX_UNDECIDED_CHARS = 1_000;
/** So much may stand before a fence around the document. It is shown until the fence comes. */
const PREFACE_CHARS = 200;
/** So many lines that are not blank may stand behind it, where words stand before it. */
const MAX_WORDS_LINES = 3;

/**
 * A fence that is around all of it is taken away from the beginning on, with a few words of the model
 * before it. Where the document goes on behind it, it was a block of code: the document begins anew,
 * with it.
 */
export async function* documentOnly(pieces: AsyncIterable<string>): AsyncGenerator<Piece> {
  const reader = new DocumentReader();
  for await (const piece of pieces) yield* reader.add(piece);
  yield* reader.end();
}

class DocumentReader {
  private state: 'start' | 'plain' | 'fenced' | 'closed' | 'doubtful' = 'start';
  private readonly cutter = new LineCutter();
  private opening: Fence | null = null;
  private depth = 0;
  /** All that has come while it is not known what the fence is, and where in it the fence and its end are. */
  private seen: string[] = [];
  /** What has been shown of the line that comes, while that may be one before the fence. */
  private begun = '';
  /** Whether words have been shown. */
  private hasWords = false;
  private openedAt = 0;
  private closedAt = 0;

  *add(piece: string): Generator<Piece> {
    for (const line of this.cutter.add(piece)) yield* this.read(line);
    const { rest } = this.cutter;
    if (rest === '') return;
    if (this.state === 'plain') yield this.cutter.take();
    else if (this.state === 'start' && !this.mayBecomeWrapper(rest)) {
      const part = this.cutter.take();
      yield this.withHeld(part);
      this.begun += part;
      if (this.begun.length > PREFACE_CHARS) this.state = 'plain';
    }
  }

  *end(): Generator<Piece> {
    const last = this.cutter.take();
    if (last !== '') yield* this.read(last);
    if (this.state === 'start' && !this.hasWords && this.seen.length > 0) yield this.seen.join('');
    // The last fence is the closing one where all between it and the first one are blocks of code.
    const inner = this.state === 'doubtful' ? this.withoutWrapper() : null;
    if (inner !== null) yield* [RESTART, inner];
  }

  private *read(line: string): Generator<Piece> {
    if (this.state === 'plain') {
      yield line;
      return;
    }
    if (this.state === 'start') {
      yield* this.begin(line);
      return;
    }
    this.seen.push(line);
    if (this.state === 'fenced') {
      if (!this.isEnd(line)) yield line;
      return;
    }
    if (this.state === 'closed') {
      if (this.mayFollow(line)) return;
      this.state = this.isMarkdown() ? 'doubtful' : 'plain';
      yield* [RESTART, this.seen.join('')];
      return;
    }
    yield line;
  }

  /** @param rest what has not been shown of a line that is complete */
  private *begin(rest: string): Generator<Piece> {
    const line = this.begun + rest;
    this.begun = '';
    const fence = fenceOf(line);
    if (fence && (this.hasWords ? MARKDOWN : WRAPPERS).has(nameOf(fence))) {
      this.opening = fence;
      this.openedAt = this.seen.length;
      this.seen.push(line);
      this.state = 'fenced';
      if (this.hasWords) yield RESTART;
      return;
    }
    if (!isBlank(line) || this.hasWords) yield this.withHeld(rest);
    if (fence || !this.mayPrecede(line)) this.state = 'plain';
    else this.seen.push(line);
  }

  /** The text behind the blank lines that are held before the first words. */
  private withHeld(text: string): string {
    const held = this.hasWords ? '' : this.seen.join('');
    this.hasWords = true;
    return held + text;
  }

  private isEnd(line: string): boolean {
    const fence = fenceOf(line);
    if (!fence || !this.opening) return false;
    if (fence.info !== '') this.depth++;
    else if (this.depth > 0) this.depth--;
    else if (closes(fence, this.opening)) {
      this.state = 'closed';
      this.closedAt = this.seen.length - 1;
      return true;
    }
    return false;
  }

  /** Whether the line may stand before a fence around the document: words of the model, not of the document. */
  private mayPrecede(line: string): boolean {
    return isBlank(line) || (isWords(line) && this.fitsPreface(line));
  }

  /** Whether the line may stand behind the document: only where words stand before it. */
  private mayFollow(line: string): boolean {
    if (isBlank(line)) return true;
    const precedes = this.seen.slice(0, this.openedAt).some((one) => !isBlank(one));
    const words = this.seen.slice(this.closedAt + 1).filter((one) => !isBlank(one));
    return precedes && isWords(line) && words.length <= MAX_WORDS_LINES;
  }

  private fitsPreface(line: string): boolean {
    const words = this.seen.filter((one) => !isBlank(one));
    return words.reduce((sum, one) => sum + one.length, line.length) <= PREFACE_CHARS;
  }

  /** Whether more of the line could make a fence of it: it is held until then. */
  private mayBecomeWrapper(rest: string): boolean {
    if (this.begun !== '' || rest.length > MAX_UNDECIDED_CHARS) return false;
    return isBlank(rest) || mayBecomeFence(rest);
  }

  private isMarkdown(): boolean {
    return this.opening !== null && MARKDOWN.has(nameOf(this.opening));
  }

  /** What is between the first fence and the last line, where that is what closes the first one. */
  private withoutWrapper(): string | null {
    const lines = this.seen.slice(this.openedAt + 1);
    const end = lines.findLastIndex((line) => !isBlank(line));
    const last = fenceOf(lines[end] ?? '');
    if (!last || !this.opening || !closes(last, this.opening)) return null;
    const inner = lines.slice(0, end);
    return isWellFenced(inner) ? inner.join('') : null;
  }
}

/** The language that a fence names, without what else it says. */
function nameOf({ info }: Fence): string {
  return info.split(/[\s{]/, 1)[0] ?? '';
}

/** A sentence, or a rule: not a heading, and no item of a list. */
function isWords(line: string): boolean {
  return isRule(line) || (isProse(line) && !isOfDocument(line));
}

function isOfDocument(line: string): boolean {
  return /^\s*(?:#|[-*•] |\d+[.)] |\*\*|_)/.test(line);
}

/** Whether each fence is a part of a block of code, and no block holds only sentences. */
function isWellFenced(lines: readonly string[]): boolean {
  let opening: Fence | null = null;
  let isCode = false;
  for (const line of lines) {
    const fence = fenceOf(line);
    if (!fence) {
      isCode ||= !isBlank(line) && !isProse(line);
    } else if (!opening) {
      opening = fence;
      isCode = fence.info !== '';
    } else if (closes(fence, opening)) {
      if (!isCode) return false;
      opening = null;
    } else return false;
  }
  return opening === null;
}
