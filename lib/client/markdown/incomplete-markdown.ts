/**
 * Handles the end of a streaming text. Never displays a delimiter that would disappear again: text
 * that may become a delimiter is held back, and an opened construct renders as if it were closed.
 */
import type { Node } from '@/lib/client/markdown/join-segments';

/**
 * Incomplete constructs at the end of the text, which are held back. Each pattern is short, so that
 * whole sentences are not delayed.
 */
const INCOMPLETE_PATTERNS: readonly RegExp[] = [
  // Delimiters that may continue, or close an open construct.
  /[*_~`\\$]+$/,
  /(?:^|\n)[ \t>]*(?:#{1,6}|[-+*=]+|\d{1,9}[.)]?|[|:\- \t]*)$/,
  // A possible table header: only the delimiter row decides.
  /(?:^|\n)[ \t]*\|[^\n]{0,400}(?:\n[ \t]*[|:\- \t]*)?$/,
  /(?:^|\n[ \t]*\n)[^|\n]{1,80}[^|\n\\]\|[^\n]{0,300}(?:\n[|:\- \t]*)?$/,
  // A list marker, and the checkbox of a task.
  /(?:^|\n)[ \t>]*(?:[-+*]|\d{1,9}[.)])[ \t]+(?:\[[ xX]?\]?[ \t]*)?$/,
  // A hard line break.
  /\\\n[ \t]*$/,
  // A link's text, its URL, a reference, a definition; an image, and an image within a link.
  /!?\[[^[\]\n]{0,120}\]?$/,
  /(?:^|\n)[ \t]{0,3}\[[^[\]\n]{1,120}\]:[ \t]*\S{0,200}$/,
  /(?<=^|[\s([|>])!$/,
  /\[!\[[^[\]\n]{0,120}(?:\](?:\([^()\n]{0,200}(?:\)(?:\](?:\([^()\n]{0,200})?)?)?)?)?$/,
  /<[/!a-z][^<>\n]{0,120}$/i,
  /<$/,
  /&#?\w{0,10}$/,
  // A formula; amounts of money do not match.
  /\\[([][^\n]{0,200}$/,
  /\\\[[ \t]*\n(?:[^\n]|\n(?![ \t]*\n)){0,400}$/,
  /(?<![\w$\\])\$(?=[^\s\d$])(?![A-Z]{2})[^$\n]{0,80}$/,
  /(?<![$\\])\$\$(?!\$)(?:[^$\n]|\n(?![ \t]*\n)){0,400}$/,
  // Bold within a word, or a power.
  /(?<=[a-z0-9)\]])\*\*[^\s*]{0,40}$/i,
  // A word in italics, or a name that starts with an underscore; the arguments of a function.
  /(?<![\w*_])_(?=[^\s_])\w{0,40}$/,
  /(?<=[(,] ?)\*{1,2}\w{0,40}$/,
  // A dunder name of Python, or bold text.
  /(?<![\w*])__\w{0,40}_{0,2}[.(]?$/,
  // Code in a table row: its pipes do not end cells.
  /(?<=(?:^|\n)[ \t]*\|(?:[^`\n]|`[^`\n]*`)*)`[^`\n]{0,200}$/,
];
const LOOKBACK_CHARS = 600;

/** Returns how many characters of a streaming text can be displayed. */
function completeLength(text: string): number {
  let end = text.length;
  for (let isHeldBack = true; isHeldBack; ) {
    isHeldBack = false;
    const from = Math.max(0, end - LOOKBACK_CHARS);
    const tail = text.slice(from, end);
    for (const pattern of INCOMPLETE_PATTERNS) {
      const found = pattern.exec(tail);
      if (!found || found[0].trim() === '' || isInsideInlineCode(tail, found.index)) continue;
      if (pattern === TABLE_ROW_PATTERN && isInsideTable(text, from + found.index)) continue;
      const keptChars = /^\n/.test(found[0]) ? 1 : 0;
      end = from + found.index + keptChars;
      isHeldBack = true;
      break;
    }
  }
  return end;
}

const TABLE_ROW_PATTERN = INCOMPLETE_PATTERNS[2] as RegExp;

/**
 * Whether the row belongs to a table that has already started: such rows are displayed as they
 * arrive.
 */
function isInsideTable(text: string, index: number): boolean {
  const above = text.slice(Math.max(0, index - LOOKBACK_CHARS), index);
  return above.slice(above.lastIndexOf('\n') + 1).includes('|');
}

/** Whether a match is inside open inline code, where only the closing backticks are delimiters. */
function isInsideInlineCode(tail: string, index: number): boolean {
  const line = tail.slice(tail.lastIndexOf('\n\n', index) + 1, index);
  return openBackticks(line) !== '' && !/^`/.test(tail.slice(index));
}

/** Returns the backticks of inline code left open in the last paragraph of a text, or ''. */
function openBackticks(text: string): string {
  const paragraph = text.slice(text.lastIndexOf('\n\n') + 1);
  let open = '';
  for (const [run] of paragraph.matchAll(/(?<!\\)`+/g)) {
    if (open === '') open = run;
    else if (open === run) open = '';
  }
  return open.length < 3 ? open : '';
}

/** A link whose URL is incomplete; its text is complete. */
const INCOMPLETE_LINK = /!?\[([^[\]\n]*)\]\((?:[^()\n]|\([^()\n]*\))*(?:\([^()\n]*)?$/;
/** Private-use characters that replace escaped delimiters, which open nothing. */
const ESCAPED_BASE = 0xe010;
const ESCAPABLE_DELIMITERS = '*_~';

/**
 * Returns the displayable part of a streaming text, prepared for the parser. The parsed nodes must
 * pass through `closeIncompleteNodes`.
 */
export function trimIncompleteText(text: string): string {
  const completeText = text.slice(0, completeLength(text));
  const code = openBackticks(completeText);
  const withoutOpenLink = code ? completeText : completeText.replace(INCOMPLETE_LINK, '$1');
  const escaped = withoutOpenLink.replace(/\\([\s\S])/g, (sequence, character: string) => {
    const index = ESCAPABLE_DELIMITERS.indexOf(character);
    return index === -1 ? sequence : String.fromCharCode(ESCAPED_BASE + index);
  });
  return escaped + code;
}

/**
 * Completes nodes parsed from `trimIncompleteText`: closes open emphasis and restores escaped
 * delimiters.
 */
export function closeIncompleteNodes(nodes: readonly Node[]): Node[] {
  const closed = closeLastNode(nodes);
  const pending: unknown[] = [...closed];
  for (let node = pending.pop(); node; node = pending.pop()) {
    const { type, value, children } = node as { type: string; value?: string; children?: Node[] };
    const slash = type === 'text' ? '' : '\\';
    if (value) {
      (node as { value: string }).value = value.replace(
        /[\ue010-\ue012]/g,
        (placeholder) => slash + ESCAPABLE_DELIMITERS[placeholder.charCodeAt(0) - ESCAPED_BASE],
      );
    }
    if (children) pending.push(...children);
  }
  return closed;
}

/**
 * An opening emphasis delimiter: before a word or other visible content, not after a word (except
 * in scripts without spaces) and not after another delimiter. Function arguments and dunder names
 * do not match.
 */
const EMPHASIS_OPENER =
  /(?:(?<![*_~\p{L}\p{N}/])(?<![(,] ?(?=\*{1,2}\w+[,)]))(?<![)\]](?=\*\*\d))(?:\*{1,3}|_(?!_|\w+\()|__(?!_|\w+(?:__\.|\())|~~(?!~))|(?<=[\u0080-\uffff])(?:\*{1,3}|~~(?!~)))(?=[^\s*/,.;:)!?]|$)/gu;

const EMPHASIS_TYPES: Record<string, 'emphasis' | 'strong' | 'delete'> = {
  '*': 'emphasis',
  _: 'emphasis',
  '**': 'strong',
  __: 'strong',
  '***': 'strong',
  '~~': 'delete',
};

/** Closes what is open at the very end of the nodes. */
function closeLastNode(nodes: readonly Node[]): Node[] {
  const last = nodes.at(-1);
  if (!last || !('children' in last) || last.children.length === 0) return [...nodes];
  const children = last.children as Node[];
  const isText = /^(?:paragraph|heading|tableCell|emphasis|strong|delete)$/.test(last.type);
  const closed = isText ? closeEmphasis(children) : closeLastNode(children);
  return [...nodes.slice(0, -1), { ...last, children: closed } as Node];
}

function closeEmphasis(nodes: readonly Node[]): Node[] {
  for (const [index, node] of nodes.entries()) {
    if (node.type !== 'text') continue;
    for (const opener of node.value.matchAll(EMPHASIS_OPENER)) {
      const type = EMPHASIS_TYPES[opener[0]];
      const after = node.value.slice(opener.index + opener[0].length);
      if (!type || (index === nodes.length - 1 && after === '')) continue;
      const inner = closeEmphasis([{ ...node, value: after }, ...nodes.slice(index + 1)]);
      const before = node.value.slice(0, opener.index);
      return [
        ...nodes.slice(0, index),
        ...(before === '' ? [] : [{ ...node, value: before }]),
        { type, children: inner } as Node,
      ];
    }
  }
  const last = nodes.at(-1);
  return last && 'children' in last ? closeLastNode(nodes) : [...nodes];
}
