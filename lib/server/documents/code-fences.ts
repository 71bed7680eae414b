/** Fences of code blocks and the prose around them, line by line: what models write without being asked. */

export type Fence = { char: string; length: number; info: string };

/** The fence that a line is, or null. A fence of accents has none behind it. */
export function parseFence(line: string): Fence | null {
  const match = /^ {0,3}(`{3,}|~{3,})([^\r\n]*)/.exec(line);
  const [, chars = '', info = ''] = match ?? [];
  const char = chars.charAt(0);
  if (!match || (char === '`' && info.includes('`'))) return null;
  return { char, length: chars.length, info: info.trim().toLowerCase() };
}

/** Whether a fence ends a block that another one has begun. */
export function closesFence(fence: Fence, opening: Fence): boolean {
  return fence.info === '' && fence.char === opening.char && fence.length >= opening.length;
}

/** Whether more of the line could make a fence of it. */
export function mayBecomeFence(line: string): boolean {
  return /^ {0,3}(?:`{0,2}|~{0,2}|`{3,}[^`\r\n]*|~{3,}[^\r\n]*)\r?$/.test(line);
}

/** What stands in programs, and hardly ever in a sentence about one. */
const CODE_PATTERN =
  /[{};=<>\\|]|\(\)|"""|'''|^(?:\/[/*]|[-*#]!|@|<!--)|^(?:import|from|def|class|package|using) /;
const PROSE_START = /^(?:[\p{L}\d*_>"“‘(]|[-–•] |#{1,6} )/u;
const SENTENCE_END = /[.:!?…。：！？*_”]$/;
const HEADING_OR_ITEM = /^(?:#{1,6} |[-*•] |\d+[.)] )\S/;
const MIN_SENTENCE_WORDS = 5;

/** Whether a line reads as a sentence, a heading or an item of a list, and not as code. */
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

/** Whether a line is a rule, as models draw it between what they say and what they write. */
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

/** Cuts what comes into lines: complete ones with their ends, and the rest. */
export class LineSplitter {
  rest = '';

  /** @returns the lines that are complete now */
  push(chunk: string): string[] {
    const from = this.rest.length;
    this.rest += chunk;
    // Only the new piece is searched: a line may be long.
    const last = chunk.lastIndexOf('\n');
    if (last === -1) return [];
    const end = from + last + 1;
    const lines = this.rest.slice(0, end).match(/[^\n]*\n/g) ?? [];
    this.rest = this.rest.slice(end);
    return lines;
  }

  /** @returns the rest, which is taken */
  takeRest(): string {
    const { rest } = this;
    this.rest = '';
    return rest;
  }
}
