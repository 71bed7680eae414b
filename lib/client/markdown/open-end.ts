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
  // A link's words, its address, a reference.
  /!?\[[^[\]\n]{0,120}\]?$/,
  /<[/!a-z][^<>\n]{0,120}$/i,
  /<$/,
  /&#?\w{0,10}$/,
  // A formula; amounts of money are none.
  /\\[([][^\n]{0,200}$/,
  /(?<![\w$\\])\$(?=[^\s\d$])(?![A-Z]{2})[^$\n]{0,80}$/,
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
  return /\S/.test(above.slice(above.lastIndexOf('\n') + 1));
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
const OPEN_LINK = /!?\[([^[\]\n]*)\]\((?:[^()\n]|\([^()\n]*\))*$/;
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

/** What opens emphasis: it stands before a word, behind none, and behind no other sign. */
const OPENS =
  /(?<![*_~\p{L}\p{N}/]|(?<![\u1100-\uffef])[\u1100-\uffef](?=_))(\*{1,3}|_{1,2}(?!\w+__[.(])|~~)(?=[^\s*_~/])|(?<=[\u1100-\uffef])(\*{1,3})(?=[^\s*_~/])/gu;

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
        { ...node, value: before },
        { type, children: inner } as Node,
      ];
    }
  }
  const last = nodes.at(-1);
  return last && 'children' in last ? closeOpen(nodes) : [...nodes];
}
