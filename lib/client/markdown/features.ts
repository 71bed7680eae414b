/** What a piece of markdown needs beyond the base, told from its text alone. */

/**
 * Code (kept as it is), then the ways models write maths: `$$…$$`, `\(…\)`, `\[…\]`, `$…$`.
 * For the last one pandoc's rule holds: no space inside the dollars, no digit or letter after them.
 */
const TOKEN =
  /(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)|\\\$|\$\$(?<dollars>[^$]+?)\$\$|\\\((?<round>[^\n]+?)\\\)|\\\[(?<square>[\s\S]+?)\\\]|(?<![\\$\w])\$(?=\S)(?<single>[^$\n]*?[^\s$\\])\$(?![$\w])/g;

/** "$5 to $6" and "$HOME" are no maths; "$x$", "$3$" and "$a + b$" are. */
const MATHEMATICAL = /[\\^_={}<>+|]|^\w{1,2}'?$|^-?[\d.]+$|[a-z]\(|[-*/]/i;
const MONEY = /^\d[\d.,]*(?:[kmb]|\s*[-–]|\s+(?:and|or|to)\b|$)/i;

/**
 * The text with all its maths written in double dollars, on lines of their own where it is meant to
 * stand alone. Amounts of money stay text.
 */
export function normaliseMath(text: string): string {
  if (!text.includes('$') && !text.includes('\\(') && !text.includes('\\[')) return text;
  return text.replace(TOKEN, (match: string, ...rest: unknown[]) => {
    const { dollars, round, square, single } = rest.at(-1) as Record<string, string | undefined>;
    if (round !== undefined) return `$$${round.trim()}$$`;
    if (single !== undefined) return isMaths(single) ? `$$${single}$$` : match;
    const display = dollars ?? square;
    if (display === undefined) return match;
    const offset = rest.at(-3) as number;
    return onItsOwn(text, offset, match.length)
      ? displayed(display, indentAt(text, offset))
      : `$$${display.trim()}$$`;
  });
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
