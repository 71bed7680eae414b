/**
 * The end of a text that is still arriving. No sign is shown that goes away again: what may yet become
 * one is held back, and what opens something is drawn as if that were whole.
 */
import type { Node } from '@/lib/client/markdown/join-segments';

/** What waits for more of it. None of these is long: the reader must not wait for a sentence. */
const INCOMPLETE_PATTERNS: readonly RegExp[] = [
  // Signs that may go on, or close what is open.
  /[*_~`\\$]+$/,
  /(?:^|\n)[ \t>]*(?:#{1,6}|[-+*=]+|\d{1,9}[.)]?|[|:\- \t]*)$/,
  // The row of a table that its second row will tell of.
  /(?:^|\n)[ \t]*\|[^\n]{0,400}(?:\n[ \t]*[|:\- \t]*)?$/,
  /(?:^|\n[ \t]*\n)[^|\n]{1,80}[^|\n\\]\|[^\n]{0,300}(?:\n[|:\- \t]*)?$/,
  // The marker of an item, and the box of a task.
  /(?:^|\n)[ \t>]*(?:[-+*]|\d{1,9}[.)])[ \t]+(?:\[[ xX]?\]?[ \t]*)?$/,
  // A line's end that is to be seen.
  /\\\n[ \t]*$/,
  // A link's words, its address, a reference, a definition; a picture, and one within a link.
  /!?\[[^[\]\n]{0,120}\]?$/,
  /(?:^|\n)[ \t]{0,3}\[[^[\]\n]{1,120}\]:[ \t]*\S{0,200}$/,
  /(?<=^|[\s([|>])!$/,
  /\[!\[[^[\]\n]{0,120}(?:\](?:\([^()\n]{0,200}(?:\)(?:\](?:\([^()\n]{0,200})?)?)?)?)?$/,
  /<[/!a-z][^<>\n]{0,120}$/i,
  /<$/,
  /&#?\w{0,10}$/,
  // A formula; amounts of money are none.
  /\\[([][^\n]{0,200}$/,
  /\\\[[ \t]*\n(?:[^\n]|\n(?![ \t]*\n)){0,400}$/,
  /(?<![\w$\\])\$(?=[^\s\d$])(?![A-Z]{2})[^$\n]{0,80}$/,
  /(?<![$\\])\$\$(?!\$)(?:[^$\n]|\n(?![ \t]*\n)){0,400}$/,
  // Words in bold within a word, or a power.
  /(?<=[a-z0-9)\]])\*\*[^\s*]{0,40}$/i,
  // A word in italics, or a name that begins so; the arguments of a function.
  /(?<![\w*_])_(?=[^\s_])\w{0,40}$/,
  /(?<=[(,] ?)\*{1,2}\w{0,40}$/,
  // A name of Python, or something bold.
  /(?<![\w*])__\w{0,40}_{0,2}[.(]?$/,
  // Code in a row of a table: pipes within it are no ends of cells.
  /(?<=(?:^|\n)[ \t]*\|(?:[^`\n]|`[^`\n]*`)*)`[^`\n]{0,200}$/,
];
const LOOKBACK_CHARS = 600;

/** How much of a text that is still arriving can be shown. */
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

/** A row of a table that has begun is shown as it comes. */
function isInsideTable(text: string, index: number): boolean {
  const above = text.slice(Math.max(0, index - LOOKBACK_CHARS), index);
  return above.slice(above.lastIndexOf('\n') + 1).includes('|');
}

/** Within code that is open nothing is a sign but what closes it. */
function isInsideInlineCode(tail: string, index: number): boolean {
  const line = tail.slice(tail.lastIndexOf('\n\n', index) + 1, index);
  return openBackticks(line) !== '' && !/^`/.test(tail.slice(index));
}

/** The backticks that open code which does not end in the last paragraph of a text; else ''. */
function openBackticks(text: string): string {
  const paragraph = text.slice(text.lastIndexOf('\n\n') + 1);
  let open = '';
  for (const [run] of paragraph.matchAll(/(?<!\\)`+/g)) {
    if (open === '') open = run;
    else if (open === run) open = '';
  }
  return open.length < 3 ? open : '';
}

/** A link whose address has not come: its words are there. */
const INCOMPLETE_LINK = /!?\[([^[\]\n]*)\]\((?:[^()\n]|\([^()\n]*\))*(?:\([^()\n]*)?$/;
/** Stand for escaped signs, which open nothing. */
const ESCAPED_BASE = 0xe010;
const ESCAPABLE_DELIMITERS = '*_~';

/** What can be shown of a text that is still arriving, fit to be parsed. */
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

/** Nodes made of such a text as they are drawn. */
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
 * What opens emphasis: it stands before a word, or something else that is drawn; behind none, but for
 * scripts without blanks, and behind no other sign. No arguments of a function, and no name, begin so.
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

/** The nodes with what is open at their very end drawn as if it were closed. */
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
