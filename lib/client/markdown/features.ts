/** What a piece of markdown needs beyond the base, told from its text alone. */

/**
 * Code (kept as it is), then the ways models write maths: `$$…$$`, `\(…\)`, `\[…\]`, `$…$`.
 * For the last one pandoc's rule holds: no space inside the dollars, no digit or letter after them.
 */
const TOKEN =
  /(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)|\\\$|\$\$(?<dollars>[^$]+?)\$\$|\\\((?<round>[^\n]+?)\\\)|\\\[(?![^[\]\n]*(?<!\\)\])(?<square>[\s\S]+?)\\\]|(?<![\\$\w])\$(?=\S)(?<single>[^$\n]*?[^\s$\\])\$(?![$\w])/g;

/** "$5 to $6" and "$HOME" are no maths; "$x$", "$3$" and "$a + b$" are. */
const MATHEMATICAL = /[\\^_={}<>+|]|^\w{1,2}'?$|^-?[\d.]+$|[a-z]\(|[-*/]/i;
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

/** The maths in a text, in order. Amounts of money, and what is in code, are none. */
export function findMaths(text: string): Maths[] {
  if (!text.includes('$') && !text.includes('\\(') && !text.includes('\\[')) return [];
  const found: Maths[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const { dollars, round, square, single } = match.groups as Record<string, string | undefined>;
    const display = dollars ?? square;
    const tex = display ?? round ?? single;
    if (tex === undefined || (tex === single && !isMaths(tex))) continue;
    const from = match.index;
    found.push({ from, to: from + match[0].length, tex, display: display !== undefined });
  }
  return found;
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

/** Whether the text holds HTML tags or comments outside of code. */
export function hasHtml(text: string): boolean {
  if (!text.includes('<')) return false;
  const bare = text.replace(/(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');
  return /<(?:!--|\/?[a-z][a-z0-9-]*(?:\s|\/?>))/i.test(bare);
}

/** Whether the text defines links or footnotes that other blocks may refer to. */
export function hasDefinitions(text: string): boolean {
  return /^ {0,3}\[[^\]\n]+\]:/m.test(text);
}
