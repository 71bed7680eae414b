/** Finds and normalizes math in Markdown text, before and without parsing it. */

/** "$5 to $6" and "$HOME" are not math; "$x$", "$3$" and "$a + b$" are. */
const LOOKS_LIKE_MATH = /[\\^_={}<>+|&]|^\w{1,2}'?$|^-?[\d.]+$|[a-z]\(|[-*/]/i;
const LOOKS_LIKE_MONEY = /^\d[\d.,]*(?:[kmb]|\s*[-–]|\s+(?:and|or|to)\b|$)/i;

/** Follows each dollar of double dollars that are text. The page's parser removes it. */
export const LITERAL_MARK = '\ue004';

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
/** What follows a price range: "cheap ($$), dear ($$)", "$$ or $$$". */
const PRICE_RANGE = /^[)\],;:]|^\.(?!\d)|^\*\*|^\s+(?:and|or|to|[-–—,/|])\s+$/i;
/**
 * Prose in escaped brackets; a formula has words only in `\\text{…}`. The lookbehind keeps the search
 * linear in the length of a word.
 */
const PROSE_WORDS = /(?<![a-z])[a-z]{3,} +[a-z]{2,}/i;
/** Suffixes that may directly follow a formula: `$n$th`. */
const ORDINAL_SUFFIX = /^(?:th|st|nd|rd|s|es|d)(?!\w)/;

/**
 * Returns the math in a text, in order: `$$…$$`, `\(…\)`, `\[…\]`, `$…$`. Single dollars follow
 * pandoc's rule: no space inside the dollars, no digit or letter after them. Amounts of money and
 * anything in code are excluded. Takes one pass over the text.
 */
export function findMath(text: string): MathSpan[] {
  return findSpans(text).filter(({ tex }) => tex.trim() !== '');
}

/** Returns also the double dollars that are text, each as a span without TeX. */
function findSpans(text: string): MathSpan[] {
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
    const end = nextIndex.round(start);
    if (end >= nextIndex.line(start) || end === text.length) return undefined;
    const tex = text.slice(start, end);
    if (tex.trim() === '' || (PROSE_WORDS.test(tex) && !DEFINITELY_MATH.test(tex)))
      return undefined;
    return withoutDoubleEscape(text, { from, to: end + 2, tex, display: false });
  }
  if (opener === '\\[') {
    const end = nextIndex.square(start);
    if (end === text.length || !isBracketMath(text, from, start, end)) return undefined;
    return withoutDoubleEscape(text, {
      from,
      to: end + 2,
      tex: text.slice(start, end),
      display: true,
    });
  }
  if (opener === '$$') return doubleDollarMathAt(text, from, nextIndex);
  if (opener === '$') return singleDollarMathAt(text, from, nextIndex);
  return opener.startsWith('$')
    ? { from, to: from + opener.length, tex: '', display: true }
    : undefined;
}

function doubleDollarMathAt(
  text: string,
  from: number,
  nextIndex: NextIndex,
): MathSpan | undefined {
  const start = from + 2;
  const literal = { from, to: start, tex: '', display: true };
  let end = nextIndex.dollar(start);
  while (end < text.length && text[end - 1] === '\\') end = nextIndex.dollar(end + 1);
  if (text[end] === '$' && text[end + 1] === '$' && text[end + 2] !== '$') {
    const tex = text.slice(start, end);
    const isProse = PROSE_WORDS.test(tex) && !DEFINITELY_MATH.test(tex);
    const isSplit = /\n[ \t]*\n/.test(tex) && !isOnOwnLines(text, from, end + 2 - from);
    if (isProse || isSplit || tex.trim() === '' || PRICE_RANGE.test(tex)) return literal;
    return { from, to: end + 2, tex, display: true };
  }
  const firstLine = text.slice(start, Math.min(end, nextIndex.line(start)));
  if (firstLine.trim() === '') return undefined;
  if (!DEFINITELY_MATH.test(firstLine)) return literal;
  if (!isAtLineStart(text, from)) return undefined;
  // Unclosed at the start of a line: the parser would drop the rest of the line.
  const tex = text.slice(start).trimEnd();
  const isWhole = end === text.length && !/\n[ \t]*\n/.test(tex);
  return isWhole && isOnOwnLines(text, from, end - from)
    ? { from, to: start + tex.length, tex, display: true }
    : literal;
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
  const tex = text.slice(start, end).replace(/\n(?:[ \t]*>)+/g, '\n');
  if (tex.trim() === '') return false;
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
  for (const span of findSpans(text)) {
    const { from, to, tex, display } = span;
    // Other formulas do not span lines.
    const replacement = display ? normalizeDisplayMath(text, span) : `$$${tex.trim()}$$`;
    if (replacement === undefined) continue;
    normalized += text.slice(position, from) + replacement;
    position = to;
  }
  return normalized + text.slice(position);
}

/** Returns undefined if a line of the formula is outside the quotation that it starts in. */
function normalizeDisplayMath(text: string, { from, to, tex }: MathSpan): string | undefined {
  if (tex.trim() === '') return text.slice(from, to).replaceAll('$', `\\$${LITERAL_MARK}`);
  const before = lineTextBefore(text, from);
  const lines = unquoteLines(tex, quoteDepthOf(before));
  if (!lines) return undefined;
  if (isOnOwnLines(text, from, to - from)) return formatDisplayMath(lines, before);
  // Without its markers, a line of a quotation continues the first one.
  return `$$${lines.join(lines.length > 1 && quoteDepthOf(before) > 0 ? ' ' : '\n').trim()}$$`;
}

function isMath(text: string): boolean {
  return (
    LOOKS_LIKE_MATH.test(text) &&
    !(LOOKS_LIKE_MONEY.test(text) && !/[\\^_=]/.test(text) && /\D/.test(text))
  );
}

function lineTextBefore(text: string, offset: number): string {
  return text.slice(offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1, offset);
}

/** Whether the range has its lines to itself; the markers of a quotation may precede it. */
function isOnOwnLines(text: string, offset: number, length: number): boolean {
  const end = offset + length;
  const lineEnd = text.indexOf('\n', end);
  const textAfter = text.slice(end, lineEnd === -1 ? text.length : lineEnd);
  if (textAfter.trim() !== '') return false;
  const before = lineTextBefore(text, offset);
  return before.trim() === '' || (quoteDepthOf(before) > 0 && containerMarkers(before) === before);
}

/** Returns the markers of quotations and list items at the start of a line, and its indentation. */
function containerMarkers(line: string): string {
  return /^(?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])))*[ \t]*/.exec(line)?.[0] ?? '';
}

/** More indentation and markers than this do not count. */
const MAX_LINE_START_CHARS = 200;

/** Whether only markers of quotations and list items precede the offset in its line. */
function isAtLineStart(text: string, offset: number): boolean {
  const window = text.slice(Math.max(0, offset - MAX_LINE_START_CHARS), offset);
  if (!window.includes('\n') && window.length < offset) return false;
  const before = window.slice(window.lastIndexOf('\n') + 1);
  return containerMarkers(before) === before;
}

function quoteDepthOf(line: string): number {
  return containerMarkers(line).split('>').length - 1;
}

/**
 * Returns the lines of a formula without their quotation markers; undefined if a line is outside
 * the quotations that it starts in.
 */
function unquoteLines(tex: string, depth: number): string[] | undefined {
  const [first = '', ...others] = tex.split('\n');
  const markers = new RegExp(`^(?:[ \\t]*>){${depth}}`);
  if (!others.every((line) => markers.test(line))) return undefined;
  return [first, ...others.map((line) => line.replace(markers, ''))];
}

/** @param prefix the indentation and the markers before the formula, which its lines repeat */
function formatDisplayMath(texLines: readonly string[], prefix: string): string {
  const indent = prefix.replace(/[^>\s]/g, ' ');
  const lines = texLines.join('\n').trim().split('\n');
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
