/**
 * Extracts a program or a table from a model's response stream, without the fence and the prose
 * around it.
 */
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

/** Text before a fence counts as a preface up to this length. */
const MAX_PREFACE_LINES = 8;
const MAX_PREFACE_CHARS = 1_000;

/**
 * Yields the program itself. Nested fences are kept. A text with prose or fences only in its middle
 * is kept as a whole. If there are several blocks with prose between them, the longest is used.
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

/** Whether the beginning of a line may still become a preface line. */
function mayBecomePreface(line: string): boolean {
  if (line.length > MAX_PREFACE_CHARS) return false;
  return mayBecomeFence(line) || mayBecomeProse(line);
}

/**
 * Phrases such as "Here you go" that are not a sentence. Narrow, so that column names and
 * statements are rarely buffered.
 */
const CAPITALIZED_WORDS = /^[\p{Lu}\p{Lo}][\p{L}’']*(?:,? [\p{L}’']+)+\s*$/u;
/** A single word in the first line, such as the name of a language. */
const SINGLE_WORD = /^[\p{L}+#]+\s*$/u;

/** Whether a line may precede a program without being part of it. */
function isPreface(line: string): boolean {
  return (
    isBlankLine(line) || isProse(line) || isThematicBreak(line) || CAPITALIZED_WORDS.test(line)
  );
}

/** `closed`: a possible closing fence has arrived; it and all following lines are buffered. */
type State = 'preface' | 'plain' | 'fenced' | 'closed';

class FencedBlockExtractor {
  private state: State = 'preface';
  private readonly splitter = new LineSplitter();
  private openingFence: Fence | null = null;
  /** Number of open nested blocks. */
  private depth = 0;
  private buffered: string[] = [];
  /** Whether another fence followed the closing one; what it means is only clear at the end. */
  private hasMoreFences = false;
  private emittedChars = 0;

  /** @returns the text that certainly belongs to the program */
  push(chunk: string): string {
    if (this.state === 'plain') return chunk;
    let text = '';
    for (const line of this.splitter.push(chunk)) text += this.readLine(line);
    text += this.readPartial();
    this.emittedChars += text.length;
    return text;
  }

  /** Yields the remaining content at the end of the stream. */
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

  /** Emits an incomplete line as soon as it cannot be a fence, so that programs stream smoothly. */
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
    const chars = this.buffered.reduce((sum, { length }) => sum + length, line.length);
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
      this.buffered.every((after, index) => index === 0 || isBlankLine(after)) &&
      !fence.info
    ) {
      // Two fences with only blank lines between them: the first one was nested.
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

  /**
   * Decides at the end of the stream what the buffered fences mean. With an even number of fences,
   * including the possible closing one, the last one closes the program; otherwise the fences after
   * the first enclose further blocks.
   */
  private *resolveClose(): Generator<ContentChunk> {
    const fences = this.buffered.flatMap((line, index) => (parseFence(line) ? [index] : []));
    if (fences.length % 2 === 0) {
      // The last one is the closing fence; the others are part of the program.
      yield this.buffered.slice(0, fences.at(-1)).join('');
      return;
    }
    let longest = '';
    for (let index = 1; index < fences.length; index += 2) {
      const block = this.buffered.slice((fences[index] ?? 0) + 1, fences[index + 1]).join('');
      if (block.length > longest.length) longest = block;
    }
    if (longest.length > this.emittedChars) {
      yield RESTART;
      yield longest;
    }
  }
}
