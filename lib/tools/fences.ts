/** Fences of code blocks and the prose around them, line by line: what models write without being asked. */

export type Fence = { sign: string; length: number; info: string };

/** The fence that a line is, or null. A fence of accents has none behind it. */
export function fenceOf(line: string): Fence | null {
  const match = /^ {0,3}(`{3,}|~{3,})([^\r\n]*)/.exec(line);
  const [, signs = '', rest = ''] = match ?? [];
  const sign = signs.charAt(0);
  if (!match || (sign === '`' && rest.includes('`'))) return null;
  return { sign, length: signs.length, info: rest.trim().toLowerCase() };
}

/** Whether a fence ends a block that another one has begun. */
export function closes(fence: Fence, opening: Fence): boolean {
  return fence.info === '' && fence.sign === opening.sign && fence.length >= opening.length;
}

/** Whether more of the line could make a fence of it. */
export function mayBecomeFence(line: string): boolean {
  return /^ {0,3}(?:`{0,2}|~{0,2}|`{3,}[^`\r\n]*|~{3,}[^\r\n]*)\r?$/.test(line);
}

/** What stands in programs, and hardly ever in a sentence about one. */
const CODE_SIGNS =
  /[{};=<>\\|]|\(\)|"""|'''|^(?:\/[/*]|[-*#]!|@|<!--)|^(?:import|from|def|class|package|using) /;
const BEGINS_PROSE = /^(?:[\p{L}\d*_>"“‘(]|[-–•] |#{1,6} )/u;
const ENDS_SENTENCE = /[.:!?…。：！？*_”]$/;
const HEADING_OR_ITEM = /^(?:#{1,6} |[-*•] |\d+[.)] )\S/;
const WORDS_OF_A_SENTENCE = 5;

/** Whether a line reads as a sentence, a heading or an item of a list, and not as code. */
export function isProse(line: string): boolean {
  const text = line.trim().replace(/`[^`]*`/g, 'x');
  if (!BEGINS_PROSE.test(text) || CODE_SIGNS.test(text)) return false;
  const words = text.split(/\s+/).length;
  return (
    HEADING_OR_ITEM.test(text) ||
    words >= WORDS_OF_A_SENTENCE ||
    (ENDS_SENTENCE.test(text) && (words > 1 || text.length > 1))
  );
}

/** Whether a line is a rule, as models draw it between what they say and what they write. */
export function isRule(line: string): boolean {
  return /^ {0,3}(?:-{3,}|\*{3,}|_{3,})\s*$/.test(line);
}

/** Whether the beginning of a line may still become prose. */
export function mayBecomeProse(line: string): boolean {
  const text = line.trim().replace(/`[^`]*`?/g, 'x');
  return (
    text === '' || (BEGINS_PROSE.test(text) && !CODE_SIGNS.test(text)) || /^[-–•#]+$/.test(text)
  );
}

export const isBlank = (line: string): boolean => line.trim() === '';

/** Cuts what comes into lines: complete ones with their ends, and the rest. */
export class LineCutter {
  rest = '';

  /** @returns the lines that are complete now */
  add(piece: string): string[] {
    const from = this.rest.length;
    this.rest += piece;
    // Only the new piece is searched: a line may be long.
    const last = piece.lastIndexOf('\n');
    if (last === -1) return [];
    const end = from + last + 1;
    const lines = this.rest.slice(0, end).match(/[^\n]*\n/g) ?? [];
    this.rest = this.rest.slice(end);
    return lines;
  }

  /** @returns the rest, which is taken */
  take(): string {
    const { rest } = this;
    this.rest = '';
    return rest;
  }
}
