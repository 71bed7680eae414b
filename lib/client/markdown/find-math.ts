/** Finds and normalizes math in Markdown text, before and without parsing it. */

/** "$5 to $6" and "$HOME" are not math; "$x$", "$3$" and "$a + b$" are. */
const LOOKS_LIKE_MATH = /[\\^_={}<>+|&]|^\w{1,2}'?$|^-?[\d.]+$|[a-z]\(|[-*/]/i;
const LOOKS_LIKE_MONEY = /^\d[\d.,]*(?:[kmb]|\s*[-–]|\s+(?:and|or|to)\b|$)/i;

export type MathSpan = {
  /** Offsets in the text, delimiters included. */
  from: number;
  to: number;
  /** The text between the delimiters. */
  tex: string;
  /** Whether the delimiters are those of display math: `$$…$$`, `\[…\]`. */
  display: boolean;
};

/** Characters that only a formula has; a note or a number in escaped brackets has none. */
const DEFINITELY_MATH = /[\\^_={}<>+|]/;
/** Prose in escaped brackets; a formula has words only in `\\text{…}`. */
const PROSE_WORDS = /[a-z]{3,} +[a-z]{2,}/i;
/** Suffixes that may directly follow a formula: `$n$th`. */
const ORDINAL_SUFFIX = /^(?:th|st|nd|rd|s|es|d)(?!\w)/;

/**
 * Returns the math in a text, in order: `$$…$$`, `\(…\)`, `\[…\]`, `$…$`. Single dollars follow
 * pandoc's rule: no space inside the dollars, no digit or letter after them. Amounts of money and
 * anything in code are excluded. Takes one pass over the text.
 */
export function findMath(text: string): MathSpan[] {
  if (!text.includes('$') && !text.includes('\\(') && !text.includes('\\[')) return [];
  const found: MathSpan[] = [];
  const nextIndex = createNextIndex(text);
  const openers = /`+|\\[$([]|\$+/g;
  for (let opener = openers.exec(text); opener; opener = openers.exec(text)) {
    const span =
      opener[0][0] === '`' ? undefined : mathAt(text, opener.index, opener[0], nextIndex);
    if (span) found.push(span);
    openers.lastIndex =
      span?.to ?? Math.max(openers.lastIndex, nextIndex.code(opener.index, opener[0]));
  }
  return found;
}

type NextIndex = ReturnType<typeof createNextIndex>;

/**
 * Finds the next end of each construct. With ascending offsets all calls together take one pass.
 */
function createNextIndex(text: string) {
  const indexAfter = (delimiter: string) => {
    let lastIndex = -1;
    return (from: number) => {
      if (lastIndex < from && lastIndex !== text.length) lastIndex = text.indexOf(delimiter, from);
      if (lastIndex === -1) lastIndex = text.length;
      return lastIndex;
    };
  };
  let backtickRuns: Map<number, number[]> | undefined;
  return {
    line: indexAfter('\n'),
    round: indexAfter('\\)'),
    square: indexAfter('\\]'),
    dollar: indexAfter('$'),
    /** The end of the code span that these backticks open; 0 if they open none. */
    code(from: number, run: string): number {
      if (run[0] !== '`') return 0;
      backtickRuns ??= findBacktickRuns(text);
      const positions = backtickRuns.get(run.length) as number[];
      while (positions.length > 0 && (positions[0] as number) <= from) positions.shift();
      return positions.length > 0 ? (positions[0] as number) + run.length : 0;
    },
  };
}

/** Offsets of backtick runs, by run length. */
function findBacktickRuns(text: string): Map<number, number[]> {
  const backtickRuns = new Map<number, number[]>();
  for (const { 0: run, index } of text.matchAll(/`+/g)) {
    const positions = backtickRuns.get(run.length);
    if (positions) positions.push(index);
    else backtickRuns.set(run.length, [index]);
  }
  return backtickRuns;
}

function mathAt(
  text: string,
  from: number,
  opener: string,
  nextIndex: NextIndex,
): MathSpan | undefined {
  const start = from + 2;
  if (opener === '\\(') {
    const end = nextIndex.round(start + 1);
    if (end >= nextIndex.line(start) || end === text.length) return undefined;
    const tex = text.slice(start, end);
    if (PROSE_WORDS.test(tex) && !DEFINITELY_MATH.test(tex)) return undefined;
    return withoutDoubleEscape(text, { from, to: end + 2, tex, display: false });
  }
  if (opener === '\\[') {
    const end = nextIndex.square(start + 1);
    if (end === text.length || !isBracketMath(text, from, start, end)) return undefined;
    return withoutDoubleEscape(text, {
      from,
      to: end + 2,
      tex: text.slice(start, end),
      display: true,
    });
  }
  if (opener === '$$') {
    const end = nextIndex.dollar(start);
    if (end === start || text[end + 1] !== '$') return undefined;
    return { from, to: end + 2, tex: text.slice(start, end), display: true };
  }
  return opener === '$' ? singleDollarMathAt(text, from, nextIndex) : undefined;
}

/** Accepts delimiters that were escaped twice, as in JSON: `\\(x\\)`. */
function withoutDoubleEscape(text: string, span: MathSpan): MathSpan | undefined {
  if (text[span.from - 1] !== '\\') return span;
  if (!span.tex.endsWith('\\')) return undefined;
  return { ...span, from: span.from - 1, tex: span.tex.slice(0, -1) };
}

/**
 * Whether an escaped bracket opens math rather than being a literal bracket, as in `\\[1] Author`
 * and `\\[note\\]`.
 */
function isBracketMath(text: string, from: number, start: number, end: number): boolean {
  const next = /[[\]\n]/g;
  next.lastIndex = start;
  const position = next.exec(text)?.index ?? end;
  if (text[position] === ']' && text[position - 1] !== '\\') return false;
  const tex = text.slice(start, end);
  if (DEFINITELY_MATH.test(tex)) return true;
  return isOnOwnLines(text, from, end + 2 - from) && (/^\s|\s$/.test(tex) || tex.length < 3);
}

function singleDollarMathAt(
  text: string,
  from: number,
  nextIndex: NextIndex,
): MathSpan | undefined {
  const end = nextIndex.dollar(from + 1);
  if (end >= nextIndex.line(from) || /[\\\w]/.test(text[from - 1] ?? '')) return undefined;
  const tex = text.slice(from + 1, end);
  const textAfter = text.slice(end + 1, end + 5);
  if (!/^\S/.test(tex) || !/[^\s\\]$/.test(tex)) return undefined;
  if (/^[$\w]/.test(textAfter) && !ORDINAL_SUFFIX.test(textAfter)) return undefined;
  return isMath(tex) ? { from, to: end + 1, tex, display: false } : undefined;
}

/**
 * Rewrites all math with double dollars; display math that stands alone goes on lines of its own.
 * Amounts of money stay text.
 */
export function normalizeMath(text: string): string {
  let normalized = '';
  let position = 0;
  for (const { from, to, tex, display } of findMath(text)) {
    const isBlock = display && isOnOwnLines(text, from, to - from);
    const replacement = isBlock
      ? formatDisplayMath(tex, lineTextBefore(text, from))
      : `$$${tex.trim()}$$`;
    normalized += text.slice(position, from) + replacement;
    position = to;
  }
  return normalized + text.slice(position);
}

function isMath(text: string): boolean {
  return (
    LOOKS_LIKE_MATH.test(text) &&
    !(LOOKS_LIKE_MONEY.test(text) && !/[\\^_=]/.test(text) && /\D/.test(text))
  );
}

function lineTextBefore(text: string, offset: number): string {
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
}

/** Whether the range has its lines to itself. */
function isOnOwnLines(text: string, offset: number, length: number): boolean {
  const end = offset + length;
  const lineEnd = text.indexOf('\n', end);
  const textAfter = text.slice(end, lineEnd === -1 ? text.length : lineEnd);
  return lineTextBefore(text, offset).trim() === '' && textAfter.trim() === '';
}

function formatDisplayMath(content: string, indent: string): string {
  const lines = content.trim().split('\n');
  return ['$$', ...lines.map((line) => indent + line.trim()), `${indent}$$`].join('\n');
}

/** Whether text normalized by `normalizeMath` contains math. */
export function hasMath(text: string): boolean {
  return text.includes('$$');
}

/** Whether the text defines links or footnotes that other blocks may refer to. */
export function hasDefinitions(text: string): boolean {
  return /^[ >]*\[[^\]\n]+\]:/m.test(text);
}
