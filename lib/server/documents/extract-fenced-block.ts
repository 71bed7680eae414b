/** A program or a table as it comes, without the fence and the prose that models put around it. */
import {
  closesFence,
  type Fence,
  isBlankLine,
  isProse,
  isThematicBreak,
  LineSplitter,
  mayBecomeFence,
  mayBecomeProse,
  parseFence,
} from '@/lib/server/documents/code-fences';
import { type ContentChunk, RESTART } from '@/lib/server/documents/content-chunks';

/** What stands before a fence is taken for a preface up to this length. */
const MAX_PREFACE_LINES = 8;
const MAX_PREFACE_CHARS = 1_000;

/**
 * The program itself. Fences within it stay, and so does all of a text that has prose or fences only in
 * its middle. Of several programs with prose between them the longest is the one.
 */
export async function* extractFencedBlock(
  chunks: AsyncIterable<string>,
): AsyncGenerator<ContentChunk> {
  const reader = new FencedBlockExtractor();
  for await (const chunk of chunks) {
    const text = reader.push(chunk);
    if (text !== '') yield text;
  }
  yield* reader.end();
}

/** Whether the beginning of a line may still become a part of the preface. */
function mayBecomePreface(line: string): boolean {
  if (line.length > MAX_PREFACE_CHARS) return false;
  return mayBecomeFence(line) || mayBecomeProse(line);
}

/** "Here you go": words that make no sentence. Names of columns and statements are held by it as little as may be. */
const CAPITALIZED_WORDS = /^[\p{Lu}\p{Lo}][\p{L}’']*(?:,? [\p{L}’']+)+\s*$/u;
/** The name of a language, say, alone in the first line. */
const SINGLE_WORD = /^[\p{L}+#]+\s*$/u;

/** What stands before a program without being of it. */
function isPreface(line: string): boolean {
  return (
    isBlankLine(line) || isProse(line) || isThematicBreak(line) || CAPITALIZED_WORDS.test(line)
  );
}

/** `closed`: what may be the closing fence has come, and is held with all that follows it. */
type State = 'preface' | 'plain' | 'fenced' | 'closed';

class FencedBlockExtractor {
  private state: State = 'preface';
  private readonly splitter = new LineSplitter();
  private openingFence: Fence | null = null;
  /** Blocks that have begun within the program. */
  private depth = 0;
  private buffered: string[] = [];
  /** Whether another fence has come after the closing one: what is what shows at the end. */
  private hasMoreFences = false;
  private emittedChars = 0;

  /** @returns what is surely of the program */
  push(chunk: string): string {
    if (this.state === 'plain') return chunk;
    let text = '';
    for (const line of this.splitter.push(chunk)) text += this.readLine(line);
    text += this.readPartial();
    this.emittedChars += text.length;
    return text;
  }

  /** What is left when nothing more comes. */
  *end(): Generator<ContentChunk> {
    const last = this.splitter.takeRest();
    const text = last === '' ? '' : this.readLine(last);
    if (text !== '') yield text;
    this.emittedChars += text.length;
    if (this.state === 'preface') {
      if (this.buffered.length > 0) yield this.buffered.join('');
    } else if (this.state === 'closed') yield* this.resolveClose();
  }

  private readLine(line: string): string {
    switch (this.state) {
      case 'plain':
        return line;
      case 'preface':
        return this.readPreface(line);
      case 'fenced':
        return this.readBody(line);
      case 'closed':
        return this.readAfterClose(line);
    }
  }

  /** The beginning of a line is sent where it can be no fence: programs are shown as they come. */
  private readPartial(): string {
    const { rest } = this.splitter;
    if (rest === '') return '';
    if (this.state === 'plain') return this.splitter.takeRest();
    if (this.state === 'preface' && !mayBecomePreface(rest)) {
      this.splitter.takeRest();
      return this.flushTo('plain', rest);
    }
    return '';
  }

  private readPreface(line: string): string {
    const fence = line.length <= MAX_PREFACE_CHARS ? parseFence(line) : null;
    if (fence) {
      this.buffered = [];
      this.openingFence = fence;
      this.state = 'fenced';
      return '';
    }
    const chars = this.buffered.reduce((sum, one) => sum + one.length, line.length);
    const fits = this.buffered.length < MAX_PREFACE_LINES && chars < MAX_PREFACE_CHARS;
    const isWord = this.buffered.length === 0 && SINGLE_WORD.test(line);
    if (!fits || !(isWord || isPreface(line))) return this.flushTo('plain', line);
    this.buffered.push(line);
    return '';
  }

  private readBody(line: string): string {
    const fence = parseFence(line);
    if (!fence || !this.openingFence) return line;
    if (fence.info !== '') this.depth++;
    else if (this.depth > 0) this.depth--;
    else if (closesFence(fence, this.openingFence)) {
      this.buffered = [line];
      this.state = 'closed';
      return '';
    }
    return line;
  }

  private readAfterClose(line: string): string {
    const fence = parseFence(line);
    if (
      fence &&
      this.buffered.every((one, index) => index === 0 || isBlankLine(one)) &&
      !fence.info
    ) {
      // Two fences with nothing between them: the first one was the program's own.
      return this.flushTo('fenced', '') + this.readBody(line);
    }
    if (fence) this.hasMoreFences = true;
    if (!this.hasMoreFences && !isPreface(line)) return this.flushTo('fenced', line);
    this.buffered.push(line);
    return '';
  }

  private flushTo(state: State, line: string): string {
    const text = this.buffered.join('') + line;
    this.buffered = [];
    this.state = state;
    return text;
  }

  /** With as many beginnings as ends after the closing fence, what follows it are other blocks. */
  private *resolveClose(): Generator<ContentChunk> {
    const fences = this.buffered.flatMap((line, index) => (parseFence(line) ? [index] : []));
    if (fences.length % 2 === 0) {
      // The last one is the closing fence: the others are in the program.
      yield this.buffered.slice(0, fences.at(-1)).join('');
      return;
    }
    let longest = '';
    for (let at = 1; at < fences.length; at += 2) {
      const block = this.buffered.slice((fences[at] ?? 0) + 1, fences[at + 1]).join('');
      if (block.length > longest.length) longest = block;
    }
    if (longest.length > this.emittedChars) {
      yield RESTART;
      yield longest;
    }
  }
}
