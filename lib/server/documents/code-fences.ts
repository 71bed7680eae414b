/** Recognizes, line by line, code fences and prose that models put around a document unasked. */

export type Fence = { char: string; length: number; info: string };

/**
 * Parses a line as a code fence; null if it is none. The info string of a backtick fence contains
 * no backtick.
 */
export function parseFence(line: string): Fence | null {
  const match = /^ {0,3}(`{3,}|~{3,})([^\r\n]*)/.exec(line);
  const [, chars = '', info = ''] = match ?? [];
  const char = chars.charAt(0);
  if (!match || (char === '`' && info.includes('`'))) return null;
  return { char, length: chars.length, info: info.trim().toLowerCase() };
}

/** Whether a fence closes the block that `opening` started. */
export function closesFence(fence: Fence, opening: Fence): boolean {
  return fence.info === '' && fence.char === opening.char && fence.length >= opening.length;
}

/** Whether an incomplete line may still become a fence. */
export function mayBecomeFence(line: string): boolean {
  return /^ {0,3}(?:`{0,2}|~{0,2}|`{3,}[^`\r\n]*|~{3,}[^\r\n]*)\r?$/.test(line);
}

/** Characters and words that are common in code and rare in prose. */
const CODE_PATTERN =
  /[{};=<>\\|]|\(\)|"""|'''|^(?:\/[/*]|[-*#]!|@|<!--)|^(?:import|from|def|class|package|using) /;
const PROSE_START = /^(?:[\p{L}\d*_>"“‘(]|[-–•] |#{1,6} )/u;
const SENTENCE_END = /[.:!?…。：！？*_”]$/;
const HEADING_OR_ITEM = /^(?:#{1,6} |[-*•] |\d+[.)] )\S/;
const MIN_SENTENCE_WORDS = 5;

/** Whether a line looks like a sentence, a heading or a list item rather than code. */
export function isProse(line: string): boolean {
  const text = line.trim().replace(/`[^`]*`/g, 'x');
  if (!PROSE_START.test(text) || CODE_PATTERN.test(text)) return false;
  const words = text.split(/\s+/).length;
  return (
    HEADING_OR_ITEM.test(text) ||
    words >= MIN_SENTENCE_WORDS ||
    (SENTENCE_END.test(text) && (words > 1 || text.length > 1))
  );
}

/** Whether a line is a thematic break, which models put between their comments and the document. */
export function isThematicBreak(line: string): boolean {
  return /^ {0,3}(?:-{3,}|\*{3,}|_{3,})\s*$/.test(line);
}

/** Whether the beginning of a line may still become prose. */
export function mayBecomeProse(line: string): boolean {
  const text = line.trim().replace(/`[^`]*`?/g, 'x');
  return (
    text === '' || (PROSE_START.test(text) && !CODE_PATTERN.test(text)) || /^[-–•#]+$/.test(text)
  );
}

export const isBlankLine = (line: string): boolean => line.trim() === '';

/** Splits a stream of chunks into lines. Complete lines keep their line ends. */
export class LineSplitter {
  rest = '';

  /** @returns the lines that this chunk completes */
  push(chunk: string): string[] {
    const from = this.rest.length;
    this.rest += chunk;
    // Only the new chunk is searched: a line may be long.
    const last = chunk.lastIndexOf('\n');
    if (last === -1) return [];
    const end = from + last + 1;
    const lines = this.rest.slice(0, end).match(/[^\n]*\n/g) ?? [];
    this.rest = this.rest.slice(end);
    return lines;
  }

  /** Returns the incomplete last line and clears it. */
  takeRest(): string {
    const { rest } = this;
    this.rest = '';
    return rest;
  }
}
