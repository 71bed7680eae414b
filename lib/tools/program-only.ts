/** A program or a table as it comes, without the fence and the prose that models put around it. */
import {
  closes,
  type Fence,
  fenceOf,
  isBlank,
  isProse,
  isRule,
  LineCutter,
  mayBecomeFence,
  mayBecomeProse,
} from '@/lib/tools/fences';
import { type Piece, RESTART } from '@/lib/tools/pieces';

/** What stands before a fence is taken for a preface up to this length. */
const PREFACE_LINES = 8;
const PREFACE_CHARS = 1_000;

/**
 * The program itself. Fences within it stay, and so does all of a text that has prose or fences only in
 * its middle. Of several programs with prose between them the longest is the one.
 */
export async function* programOnly(pieces: AsyncIterable<string>): AsyncGenerator<Piece> {
  const reader = new ProgramReader();
  for await (const piece of pieces) {
    const text = reader.add(piece);
    if (text !== '') yield text;
  }
  yield* reader.end();
}

/** Whether the beginning of a line may still become a part of the preface. */
function mayBecomePreface(line: string): boolean {
  if (line.length > PREFACE_CHARS) return false;
  return mayBecomeFence(line) || mayBecomeProse(line);
}

/** "Here you go": words that make no sentence. Names of columns and statements are held by it as little as may be. */
const WORDS = /^[\p{Lu}\p{Lo}][\p{L}’']*(?:,? [\p{L}’']+)+\s*$/u;
/** The name of a language, say, alone in the first line. */
const WORD = /^[\p{L}+#]+\s*$/u;

/** What stands before a program without being of it. */
function isPreface(line: string): boolean {
  return isBlank(line) || isProse(line) || isRule(line) || WORDS.test(line);
}

/** `closed`: what may be the closing fence has come, and is held with all that follows it. */
type State = 'preface' | 'plain' | 'fenced' | 'closed';

class ProgramReader {
  private state: State = 'preface';
  private readonly cutter = new LineCutter();
  private opening: Fence | null = null;
  /** Blocks that have begun within the program. */
  private depth = 0;
  private held: string[] = [];
  /** Whether another fence has come after the closing one: what is what shows at the end. */
  private undecided = false;
  private sent = 0;

  /** @returns what is surely of the program */
  add(piece: string): string {
    if (this.state === 'plain') return piece;
    let text = '';
    for (const line of this.cutter.add(piece)) text += this.line(line);
    text += this.partial();
    this.sent += text.length;
    return text;
  }

  /** What is left when nothing more comes. */
  *end(): Generator<Piece> {
    const last = this.cutter.take();
    const text = last === '' ? '' : this.line(last);
    if (text !== '') yield text;
    this.sent += text.length;
    if (this.state === 'preface') {
      if (this.held.length > 0) yield this.held.join('');
    } else if (this.state === 'closed') yield* this.close();
  }

  private line(line: string): string {
    switch (this.state) {
      case 'plain':
        return line;
      case 'preface':
        return this.preface(line);
      case 'fenced':
        return this.body(line);
      case 'closed':
        return this.after(line);
    }
  }

  /** The beginning of a line is sent where it can be no fence: programs are shown as they come. */
  private partial(): string {
    const { rest } = this.cutter;
    if (rest === '') return '';
    if (this.state === 'plain') return this.cutter.take();
    if (this.state === 'preface' && !mayBecomePreface(rest)) {
      this.cutter.take();
      return this.release('plain', rest);
    }
    return '';
  }

  private preface(line: string): string {
    const fence = line.length <= PREFACE_CHARS ? fenceOf(line) : null;
    if (fence) {
      this.held = [];
      this.opening = fence;
      this.state = 'fenced';
      return '';
    }
    const chars = this.held.reduce((sum, one) => sum + one.length, line.length);
    const fits = this.held.length < PREFACE_LINES && chars < PREFACE_CHARS;
    const isWord = this.held.length === 0 && WORD.test(line);
    if (!fits || !(isWord || isPreface(line))) return this.release('plain', line);
    this.held.push(line);
    return '';
  }

  private body(line: string): string {
    const fence = fenceOf(line);
    if (!fence || !this.opening) return line;
    if (fence.info !== '') this.depth++;
    else if (this.depth > 0) this.depth--;
    else if (closes(fence, this.opening)) {
      this.held = [line];
      this.state = 'closed';
      return '';
    }
    return line;
  }

  private after(line: string): string {
    const fence = fenceOf(line);
    if (fence && this.held.every((one, index) => index === 0 || isBlank(one)) && !fence.info) {
      // Two fences with nothing between them: the first one was the program's own.
      return this.release('fenced', '') + this.body(line);
    }
    if (fence) this.undecided = true;
    if (!this.undecided && !isPreface(line)) return this.release('fenced', line);
    this.held.push(line);
    return '';
  }

  private release(state: State, line: string): string {
    const text = this.held.join('') + line;
    this.held = [];
    this.state = state;
    return text;
  }

  /** With as many beginnings as ends after the closing fence, what follows it are other blocks. */
  private *close(): Generator<Piece> {
    const fences = this.held.flatMap((line, index) => (fenceOf(line) ? [index] : []));
    if (fences.length % 2 === 0) {
      // The last one is the closing fence: the others are in the program.
      yield this.held.slice(0, fences.at(-1)).join('');
      return;
    }
    let longest = '';
    for (let at = 1; at < fences.length; at += 2) {
      const block = this.held.slice((fences[at] ?? 0) + 1, fences[at + 1]).join('');
      if (block.length > longest.length) longest = block;
    }
    if (longest.length > this.sent) {
      yield RESTART;
      yield longest;
    }
  }
}
