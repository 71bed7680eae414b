/** A document in Markdown as it comes, without a fence around all of it. */
import {
  closesFence,
  type Fence,
  isBlankLine,
  isProse,
  isThematicBreak,
  LineSplitter,
  mayBecomeFence,
  parseFence,
} from '@/lib/server/documents/code-fences';
import { type ContentChunk, RESTART } from '@/lib/server/documents/content-chunks';

/** What a fence around a whole document says of its content; the first three can mean nothing else. */
const MARKDOWN_LANGUAGES = new Set(['markdown', 'md', 'mdx']);
const WRAPPER_LANGUAGES = new Set([...MARKDOWN_LANGUAGES, '', 'text', 'txt', 'plaintext', 'plain']);

/** A line that is longer is no fence, and more white space than this is a part of the document. */
const MAX_BUFFER_CHARS = 1_000;
/** So much may stand before a fence around the document. It is shown until the fence comes. */
const MAX_PREFACE_CHARS = 200;
/** So many lines that are not blank may stand behind it, where words stand before it. */
const MAX_EPILOGUE_LINES = 3;

/**
 * A fence that is around all of it is taken away from the beginning on, with a few words of the model
 * before it. Where the document goes on behind it, it was a block of code: the document begins anew,
 * with it.
 */
export async function* extractMarkdown(
  chunks: AsyncIterable<string>,
): AsyncGenerator<ContentChunk> {
  const reader = new MarkdownExtractor();
  for await (const chunk of chunks) yield* reader.push(chunk);
  yield* reader.end();
}

class MarkdownExtractor {
  private state: 'start' | 'plain' | 'fenced' | 'closed' | 'doubtful' = 'start';
  private readonly splitter = new LineSplitter();
  private openingFence: Fence | null = null;
  private depth = 0;
  /** All that has come while it is not known what the fence is, and where in it the fence and its end are. */
  private lines: string[] = [];
  /** What has been shown of the line that comes, while that may be one before the fence. */
  private emittedOfLine = '';
  /** Whether words have been shown. */
  private hasEmittedText = false;
  private openingIndex = 0;
  private closingIndex = 0;

  *push(chunk: string): Generator<ContentChunk> {
    for (const line of this.splitter.push(chunk)) yield* this.read(line);
    const { rest } = this.splitter;
    if (rest === '') return;
    if (this.state === 'plain') yield this.splitter.takeRest();
    else if (this.state === 'start' && !this.mayBecomeWrapper(rest)) {
      const part = this.splitter.takeRest();
      yield this.withLeadingBlanks(part);
      this.emittedOfLine += part;
      if (this.emittedOfLine.length > MAX_PREFACE_CHARS) this.state = 'plain';
    }
  }

  *end(): Generator<ContentChunk> {
    const last = this.splitter.takeRest();
    if (last !== '') yield* this.read(last);
    if (this.state === 'start' && !this.hasEmittedText && this.lines.length > 0)
      yield this.lines.join('');
    // The last fence is the closing one where all between it and the first one are blocks of code.
    const inner = this.state === 'doubtful' ? this.unwrap() : null;
    if (inner !== null) yield* [RESTART, inner];
  }

  private *read(line: string): Generator<ContentChunk> {
    if (this.state === 'plain') {
      yield line;
      return;
    }
    if (this.state === 'start') {
      yield* this.readStart(line);
      return;
    }
    this.lines.push(line);
    if (this.state === 'fenced') {
      if (!this.isClosingFence(line)) yield line;
      return;
    }
    if (this.state === 'closed') {
      if (this.mayFollow(line)) return;
      this.state = this.hasMarkdownFence() ? 'doubtful' : 'plain';
      yield* [RESTART, this.lines.join('')];
      return;
    }
    yield line;
  }

  /** @param rest what has not been shown of a line that is complete */
  private *readStart(rest: string): Generator<ContentChunk> {
    const line = this.emittedOfLine + rest;
    this.emittedOfLine = '';
    const fence = parseFence(line);
    if (
      fence &&
      (this.hasEmittedText ? MARKDOWN_LANGUAGES : WRAPPER_LANGUAGES).has(fenceLanguage(fence))
    ) {
      this.openingFence = fence;
      this.openingIndex = this.lines.length;
      this.lines.push(line);
      this.state = 'fenced';
      if (this.hasEmittedText) yield RESTART;
      return;
    }
    if (!isBlankLine(line) || this.hasEmittedText) yield this.withLeadingBlanks(rest);
    if (fence || !this.mayPrecede(line)) this.state = 'plain';
    else this.lines.push(line);
  }

  /** The text behind the blank lines that are held before the first words. */
  private withLeadingBlanks(text: string): string {
    const leadingBlanks = this.hasEmittedText ? '' : this.lines.join('');
    this.hasEmittedText = true;
    return leadingBlanks + text;
  }

  private isClosingFence(line: string): boolean {
    const fence = parseFence(line);
    if (!fence || !this.openingFence) return false;
    if (fence.info !== '') this.depth++;
    else if (this.depth > 0) this.depth--;
    else if (closesFence(fence, this.openingFence)) {
      this.state = 'closed';
      this.closingIndex = this.lines.length - 1;
      return true;
    }
    return false;
  }

  /** Whether the line may stand before a fence around the document: words of the model, not of the document. */
  private mayPrecede(line: string): boolean {
    return isBlankLine(line) || (isCommentary(line) && this.fitsPreface(line));
  }

  /** Whether the line may stand behind the document: only where words stand before it. */
  private mayFollow(line: string): boolean {
    if (isBlankLine(line)) return true;
    const precedes = this.lines.slice(0, this.openingIndex).some((one) => !isBlankLine(one));
    const commentary = this.lines.slice(this.closingIndex + 1).filter((one) => !isBlankLine(one));
    return precedes && isCommentary(line) && commentary.length <= MAX_EPILOGUE_LINES;
  }

  private fitsPreface(line: string): boolean {
    const commentary = this.lines.filter((one) => !isBlankLine(one));
    return commentary.reduce((sum, one) => sum + one.length, line.length) <= MAX_PREFACE_CHARS;
  }

  /** Whether more of the line could make a fence of it: it is held until then. */
  private mayBecomeWrapper(rest: string): boolean {
    if (this.emittedOfLine !== '' || rest.length > MAX_BUFFER_CHARS) return false;
    return isBlankLine(rest) || mayBecomeFence(rest);
  }

  private hasMarkdownFence(): boolean {
    return this.openingFence !== null && MARKDOWN_LANGUAGES.has(fenceLanguage(this.openingFence));
  }

  /** What is between the first fence and the last line, where that is what closes the first one. */
  private unwrap(): string | null {
    const lines = this.lines.slice(this.openingIndex + 1);
    const end = lines.findLastIndex((line) => !isBlankLine(line));
    const last = parseFence(lines[end] ?? '');
    if (!last || !this.openingFence || !closesFence(last, this.openingFence)) return null;
    const inner = lines.slice(0, end);
    return hasBalancedFences(inner) ? inner.join('') : null;
  }
}

/** The language that a fence names, without what else it says. */
function fenceLanguage({ info }: Fence): string {
  return info.split(/[\s{]/, 1)[0] ?? '';
}

/** A sentence, or a rule: not a heading, and no item of a list. */
function isCommentary(line: string): boolean {
  return isThematicBreak(line) || (isProse(line) && !isMarkdownBlock(line));
}

function isMarkdownBlock(line: string): boolean {
  return /^\s*(?:#|[-*•] |\d+[.)] |\*\*|_)/.test(line);
}

/** Whether each fence is a part of a block of code, and no block holds only sentences. */
function hasBalancedFences(lines: readonly string[]): boolean {
  let opening: Fence | null = null;
  let isCode = false;
  for (const line of lines) {
    const fence = parseFence(line);
    if (!fence) {
      isCode ||= !isBlankLine(line) && !isProse(line);
    } else if (!opening) {
      opening = fence;
      isCode = fence.info !== '';
    } else if (closesFence(fence, opening)) {
      if (!isCode) return false;
      opening = null;
    } else return false;
  }
  return opening === null;
}
