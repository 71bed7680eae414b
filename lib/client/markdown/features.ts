/** What a piece of markdown needs beyond the base, told from its text alone. */

/** "$5 to $6" and "$HOME" are no maths; "$x$", "$3$" and "$a + b$" are. */
const MATHEMATICAL = /[\\^_={}<>+|&]|^\w{1,2}'?$|^-?[\d.]+$|[a-z]\(|[-*/]/i;
const MONEY = /^\d[\d.,]*(?:[kmb]|\s*[-–]|\s+(?:and|or|to)\b|$)/i;

export type Maths = {
  /** Offsets in the text, delimiters included. */
  from: number;
  to: number;
  /** What stands between the delimiters. */
  tex: string;
  /** Whether its delimiters are those of a formula on its own: `$$…$$`, `\[…\]`. */
  display: boolean;
};

/** Signs of a formula; a note or a number in escaped brackets has none. */
const SURELY_MATHS = /[\\^_={}<>+|]/;
/** Words in escaped brackets; a formula has no words but in `\\text{…}`. */
const WORDS = /[a-z]{3,} +[a-z]{2,}/i;
/** What may be written right behind a formula: `$n$th`. */
const SUFFIX = /^(?:th|st|nd|rd|s|es|d)(?!\w)/;

/**
 * The maths in a text, in order: `$$…$$`, `\(…\)`, `\[…\]`, `$…$`. For the last one pandoc's rule
 * holds: no space inside the dollars, no digit or letter after them. Amounts of money, and what is in
 * code, are none. Takes one pass over the text.
 */
export function findMaths(text: string): Maths[] {
  if (!text.includes('$') && !text.includes('\\(') && !text.includes('\\[')) return [];
  const found: Maths[] = [];
  const ends = createEnds(text);
  const signs = /`+|\\[$([]|\$+/g;
  for (let sign = signs.exec(text); sign; sign = signs.exec(text)) {
    const maths = sign[0][0] === '`' ? undefined : mathsAt(text, sign.index, sign[0], ends);
    if (maths) found.push(maths);
    signs.lastIndex = maths?.to ?? Math.max(signs.lastIndex, ends.code(sign.index, sign[0]));
  }
  return found;
}

type Ends = ReturnType<typeof createEnds>;

/** Where things end. Asked for places that only go up, all answers together take one pass. */
function createEnds(text: string) {
  const after = (what: string) => {
    let at = -1;
    return (from: number) => {
      if (at < from && at !== text.length) at = text.indexOf(what, from);
      if (at === -1) at = text.length;
      return at;
    };
  };
  let runs: Map<number, number[]> | undefined;
  return {
    line: after('\n'),
    round: after('\\)'),
    square: after('\\]'),
    dollar: after('$'),
    /** The end of the code that backticks open; 0 where they open none. */
    code(from: number, run: string): number {
      if (run[0] !== '`') return 0;
      runs ??= runsOf(text);
      const places = runs.get(run.length) as number[];
      while (places.length > 0 && (places[0] as number) <= from) places.shift();
      return places.length > 0 ? (places[0] as number) + run.length : 0;
    },
  };
}

/** Where backticks stand, by how many there are. */
function runsOf(text: string): Map<number, number[]> {
  const runs = new Map<number, number[]>();
  for (const { 0: run, index } of text.matchAll(/`+/g)) {
    const places = runs.get(run.length);
    if (places) places.push(index);
    else runs.set(run.length, [index]);
  }
  return runs;
}

function mathsAt(text: string, from: number, sign: string, ends: Ends): Maths | undefined {
  const start = from + 2;
  if (sign === '\\(') {
    const end = ends.round(start + 1);
    if (end >= ends.line(start) || end === text.length) return undefined;
    const tex = text.slice(start, end);
    if (WORDS.test(tex) && !SURELY_MATHS.test(tex)) return undefined;
    return unescaped(text, { from, to: end + 2, tex, display: false });
  }
  if (sign === '\\[') {
    const end = ends.square(start + 1);
    if (end === text.length || !isSquare(text, from, start, end)) return undefined;
    return unescaped(text, { from, to: end + 2, tex: text.slice(start, end), display: true });
  }
  if (sign === '$$') {
    const end = ends.dollar(start);
    if (end === start || text[end + 1] !== '$') return undefined;
    return { from, to: end + 2, tex: text.slice(start, end), display: true };
  }
  return sign === '$' ? singleAt(text, from, ends) : undefined;
}

/** Delimiters that were escaped once more, as in JSON, are those of a formula still: `\\(x\\)`. */
function unescaped(text: string, maths: Maths): Maths | undefined {
  if (text[maths.from - 1] !== '\\') return maths;
  if (!maths.tex.endsWith('\\')) return undefined;
  return { ...maths, from: maths.from - 1, tex: maths.tex.slice(0, -1) };
}

/** Not what a bracket that is a bracket is escaped as: `\\[1] Author`, `\\[note\\]`. */
function isSquare(text: string, from: number, start: number, end: number): boolean {
  const next = /[[\]\n]/g;
  next.lastIndex = start;
  const at = next.exec(text)?.index ?? end;
  if (text[at] === ']' && text[at - 1] !== '\\') return false;
  const tex = text.slice(start, end);
  if (SURELY_MATHS.test(tex)) return true;
  return onItsOwn(text, from, end + 2 - from) && (/^\s|\s$/.test(tex) || tex.length < 3);
}

function singleAt(text: string, from: number, ends: Ends): Maths | undefined {
  const end = ends.dollar(from + 1);
  if (end >= ends.line(from) || /[\\\w]/.test(text[from - 1] ?? '')) return undefined;
  const tex = text.slice(from + 1, end);
  const behind = text.slice(end + 1, end + 5);
  if (!/^\S/.test(tex) || !/[^\s\\]$/.test(tex)) return undefined;
  if (/^[$\w]/.test(behind) && !SUFFIX.test(behind)) return undefined;
  return isMaths(tex) ? { from, to: end + 1, tex, display: false } : undefined;
}

/**
 * The text with all its maths written in double dollars, on lines of their own where it is meant to
 * stand alone. Amounts of money stay text.
 */
export function normaliseMath(text: string): string {
  let normal = '';
  let at = 0;
  for (const { from, to, tex, display } of findMaths(text)) {
    const alone = display && onItsOwn(text, from, to - from);
    const written = alone ? displayed(tex, indentAt(text, from)) : `$$${tex.trim()}$$`;
    normal += text.slice(at, from) + written;
    at = to;
  }
  return normal + text.slice(at);
}

function isMaths(text: string): boolean {
  return MATHEMATICAL.test(text) && !(MONEY.test(text) && !/[\\^_=]/.test(text) && /\D/.test(text));
}

function indentAt(text: string, offset: number): string {
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
}

/** Whether nothing else is on the lines it takes. */
function onItsOwn(text: string, offset: number, length: number): boolean {
  const end = offset + length;
  const lineEnd = text.indexOf('\n', end);
  const after = text.slice(end, lineEnd === -1 ? text.length : lineEnd);
  return indentAt(text, offset).trim() === '' && after.trim() === '';
}

function displayed(content: string, indent: string): string {
  const lines = content.trim().split('\n');
  return ['$$', ...lines.map((line) => indent + line.trim()), `${indent}$$`].join('\n');
}

/** Whether normalised text holds maths. */
export function hasMath(text: string): boolean {
  return text.includes('$$');
}

/** Whether the text defines links or footnotes that other blocks may refer to. */
export function hasDefinitions(text: string): boolean {
  return /^[ >]*\[[^\]\n]+\]:/m.test(text);
}
