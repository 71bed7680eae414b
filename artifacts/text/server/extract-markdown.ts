/** Streams a Markdown document from model output, without a fence around all of it. */
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

/** Info strings of a fence around a whole document; the first three are unambiguous. */
const MARKDOWN_LANGUAGES = new Set(['markdown', 'md', 'mdx']);
const WRAPPER_LANGUAGES = new Set([...MARKDOWN_LANGUAGES, '', 'text', 'txt', 'plaintext', 'plain']);

/** A longer line is not a fence, and longer whitespace belongs to the document. */
const MAX_BUFFER_CHARS = 1_000;
/** Maximum length of commentary before the fence. It is emitted until the fence arrives. */
const MAX_PREFACE_CHARS = 200;
/** Maximum number of non-blank lines after the fence, allowed only with commentary before it. */
const MAX_EPILOGUE_LINES = 3;

/**
 * Removes a fence around the whole document while streaming, and short commentary of the model
 * before it. If the document continues after the fence, it was a code block: emits `RESTART` and
 * everything so far, fence included.
 */
export async function* extractMarkdown(
  chunks: AsyncIterable<string>,
): AsyncGenerator<ContentChunk> {
  const reader = new MarkdownExtractor();
  for await (const chunk of chunks) yield* reader.push(chunk);
  yield* reader.end();
}

class MarkdownExtractor {
  private state: 'start' | 'plain' | 'fenced' | 'closed' | 'ambiguous' = 'start';
  private readonly splitter = new LineSplitter();
  private openingFence: Fence | null = null;
  private depth = 0;
  /** All lines while the role of the fence is undecided. */
  private lines: string[] = [];
  /** The emitted part of an incomplete line that may be commentary. */
  private emittedOfLine = '';
  /** Whether non-blank text was emitted. */
  private hasEmittedText = false;
  /** Indexes in `lines` of the opening and the closing fence. */
  private openingIndex = 0;
  private closingIndex = 0;

  *push(chunk: string): Generator<ContentChunk> {
    for (const line of this.splitter.push(chunk)) yield* this.read(line);
    const { rest } = this.splitter;
    if (rest === '') return;
    if (this.state === 'plain') yield this.splitter.takeRest();
    else if (this.state === 'start' && !this.mayBecomeWrapper(rest)) {
      const partialLine = this.splitter.takeRest();
      yield this.withLeadingBlanks(partialLine);
      this.emittedOfLine += partialLine;
      if (this.emittedOfLine.length > MAX_PREFACE_CHARS) this.state = 'plain';
    }
  }

  *end(): Generator<ContentChunk> {
    const last = this.splitter.takeRest();
    if (last !== '') yield* this.read(last);
    if (this.state === 'start' && !this.hasEmittedText && this.lines.length > 0)
      yield this.lines.join('');
    // The last fence closes the first one if everything between them is complete code blocks.
    const inner = this.state === 'ambiguous' ? this.unwrap() : null;
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
      this.state = this.hasMarkdownFence() ? 'ambiguous' : 'plain';
      yield* [RESTART, this.lines.join('')];
      return;
    }
    yield line;
  }

  /** @param rest the part of a complete line that was not emitted yet */
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

  /** Returns the text after the buffered blank lines that precede it. */
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

  /** Whether the line may precede the fence: blank, or commentary of the model. */
  private mayPrecede(line: string): boolean {
    return isBlankLine(line) || (isCommentary(line) && this.fitsPreface(line));
  }

  /** Whether the line may follow the fence: blank, or commentary if some precedes the fence. */
  private mayFollow(line: string): boolean {
    if (isBlankLine(line)) return true;
    const hasPreface = this.lines.slice(0, this.openingIndex).some((each) => !isBlankLine(each));
    const commentary = this.lines.slice(this.closingIndex + 1).filter((each) => !isBlankLine(each));
    return hasPreface && isCommentary(line) && commentary.length <= MAX_EPILOGUE_LINES;
  }

  private fitsPreface(line: string): boolean {
    const commentary = this.lines.filter((each) => !isBlankLine(each));
    return commentary.reduce((sum, each) => sum + each.length, line.length) <= MAX_PREFACE_CHARS;
  }

  /** Whether the incomplete line may become a fence; it is buffered until decided. */
  private mayBecomeWrapper(rest: string): boolean {
    if (this.emittedOfLine !== '' || rest.length > MAX_BUFFER_CHARS) return false;
    return isBlankLine(rest) || mayBecomeFence(rest);
  }

  private hasMarkdownFence(): boolean {
    return this.openingFence !== null && MARKDOWN_LANGUAGES.has(fenceLanguage(this.openingFence));
  }

  /** Returns the text between the first fence and a last line that closes it, else null. */
  private unwrap(): string | null {
    const lines = this.lines.slice(this.openingIndex + 1);
    const end = lines.findLastIndex((line) => !isBlankLine(line));
    const last = parseFence(lines[end] ?? '');
    if (!last || !this.openingFence || !closesFence(last, this.openingFence)) return null;
    const inner = lines.slice(0, end);
    return hasBalancedFences(inner) ? inner.join('') : null;
  }
}

/** Returns the language in the info string of a fence. */
function fenceLanguage({ info }: Fence): string {
  return info.split(/[\s{]/, 1)[0] ?? '';
}

/** Whether the line is a sentence or a thematic break, not a heading or list item. */
function isCommentary(line: string): boolean {
  return isThematicBreak(line) || (isProse(line) && !isMarkdownBlock(line));
}

function isMarkdownBlock(line: string): boolean {
  return /^\s*(?:#|[-*•] |\d+[.)] |\*\*|_)/.test(line);
}

/** Whether all fences are paired, and no block contains only prose. */
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
