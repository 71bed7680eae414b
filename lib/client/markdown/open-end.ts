/**
 * The end of a text that is still arriving. No sign is shown that goes away again: what may yet become
 * one is held back, and what opens something is drawn as if that were whole.
 */
import type { Node } from '@/lib/client/markdown/tree';

/** What waits for more of it. None of these is long: the reader must not wait for a sentence. */
const HELD: readonly RegExp[] = [
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
const LOOKED_AT = 600;

/** How much of a text that is still arriving can be shown. */
function shownLength(text: string): number {
  let end = text.length;
  for (let held = true; held; ) {
    held = false;
    const from = Math.max(0, end - LOOKED_AT);
    const tail = text.slice(from, end);
    for (const sign of HELD) {
      const found = sign.exec(tail);
      if (!found || found[0].trim() === '' || isInCode(tail, found.index)) continue;
      if (sign === TABLE && hasRowsAbove(text, from + found.index)) continue;
      const kept = /^\n/.test(found[0]) ? 1 : 0;
      end = from + found.index + kept;
      held = true;
      break;
    }
  }
  return end;
}

const TABLE = HELD[2] as RegExp;

/** A row of a table that has begun is shown as it comes. */
function hasRowsAbove(text: string, at: number): boolean {
  const above = text.slice(Math.max(0, at - LOOKED_AT), at);
  return above.slice(above.lastIndexOf('\n') + 1).includes('|');
}

/** Within code that is open nothing is a sign but what closes it. */
function isInCode(tail: string, at: number): boolean {
  const line = tail.slice(tail.lastIndexOf('\n\n', at) + 1, at);
  return openCode(line) !== '' && !/^`/.test(tail.slice(at));
}

/** The backticks that open code which does not end in the last paragraph of a text; else ''. */
function openCode(text: string): string {
  const paragraph = text.slice(text.lastIndexOf('\n\n') + 1);
  let open = '';
  for (const [run] of paragraph.matchAll(/(?<!\\)`+/g)) {
    if (open === '') open = run;
    else if (open === run) open = '';
  }
  return open.length < 3 ? open : '';
}

/** A link whose address has not come: its words are there. */
const OPEN_LINK = /!?\[([^[\]\n]*)\]\((?:[^()\n]|\([^()\n]*\))*(?:\([^()\n]*)?$/;
/** Stand for escaped signs, which open nothing. */
const ESCAPED = 0xe010;
const SIGNS = '*_~';

/** What can be shown of a text that is still arriving, fit to be parsed. */
export function openText(text: string): string {
  const shown = text.slice(0, shownLength(text));
  const code = openCode(shown);
  const linked = code ? shown : shown.replace(OPEN_LINK, '$1');
  const escaped = linked.replace(/\\([\s\S])/g, (both, sign: string) => {
    const index = SIGNS.indexOf(sign);
    return index === -1 ? both : String.fromCharCode(ESCAPED + index);
  });
  return escaped + code;
}

/** Nodes made of such a text as they are drawn. */
export function openNodes(nodes: readonly Node[]): Node[] {
  const closed = closeOpen(nodes);
  const left: unknown[] = [...closed];
  for (let node = left.pop(); node; node = left.pop()) {
    const { type, value, children } = node as { type: string; value?: string; children?: Node[] };
    const slash = type === 'text' ? '' : '\\';
    if (value) {
      (node as { value: string }).value = value.replace(
        /[\ue010-\ue012]/g,
        (sign) => slash + SIGNS[sign.charCodeAt(0) - ESCAPED],
      );
    }
    if (children) left.push(...children);
  }
  return closed;
}

/**
 * What opens emphasis: it stands before a word, or something else that is drawn; behind none, but for
 * scripts without blanks, and behind no other sign. No arguments of a function, and no name, begin so.
 */
const OPENS =
  /(?:(?<![*_~\p{L}\p{N}/])(?<![(,] ?(?=\*{1,2}\w+[,)]))(?<![)\]](?=\*\*\d))(?:\*{1,3}|_(?!_|\w+\()|__(?!_|\w+(?:__\.|\())|~~(?!~))|(?<=[\u0080-\uffff])(?:\*{1,3}|~~(?!~)))(?=[^\s*/,.;:)!?]|$)/gu;

const TYPES: Record<string, 'emphasis' | 'strong' | 'delete'> = {
  '*': 'emphasis',
  _: 'emphasis',
  '**': 'strong',
  __: 'strong',
  '***': 'strong',
  '~~': 'delete',
};

/** The nodes with what is open at their very end drawn as if it were closed. */
function closeOpen(nodes: readonly Node[]): Node[] {
  const last = nodes.at(-1);
  if (!last || !('children' in last) || last.children.length === 0) return [...nodes];
  const children = last.children as Node[];
  const isText = /^(?:paragraph|heading|tableCell|emphasis|strong|delete)$/.test(last.type);
  const closed = isText ? closeText(children) : closeOpen(children);
  return [...nodes.slice(0, -1), { ...last, children: closed } as Node];
}

function closeText(nodes: readonly Node[]): Node[] {
  for (const [index, node] of nodes.entries()) {
    if (node.type !== 'text') continue;
    for (const sign of node.value.matchAll(OPENS)) {
      const type = TYPES[sign[0]];
      const after = node.value.slice(sign.index + sign[0].length);
      if (!type || (index === nodes.length - 1 && after === '')) continue;
      const inner = closeText([{ ...node, value: after }, ...nodes.slice(index + 1)]);
      const before = node.value.slice(0, sign.index);
      return [
        ...nodes.slice(0, index),
        ...(before === '' ? [] : [{ ...node, value: before }]),
        { type, children: inner } as Node,
      ];
    }
  }
  const last = nodes.at(-1);
  return last && 'children' in last ? closeOpen(nodes) : [...nodes];
}
