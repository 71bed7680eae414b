/**
 * Markdown as the page reads it, where people write otherwise than the standard wants: bare addresses
 * beside the letters and the punctuation of Chinese, Japanese and Korean, pipes in the code and the
 * maths of a table, tags that are text. What is put into a text before it is parsed is taken out of
 * its tree.
 */
import { findMaths } from '@/lib/client/markdown/features';
import { isBlockTag } from '@/lib/client/markdown/html';
import type { MarkdownRoot, Syntax } from '@/lib/client/markdown/parse';
import { safeUrl } from '@/lib/client/markdown/safe-url';
import type { Node } from '@/lib/client/markdown/tree';

/** A blank, which ends an address, and a character that nobody writes. */
const END_OF_ADDRESS = ' \ue003';
const PIPE = '\ue002';

const PUNCTUATION =
  '\\u3000-\\u303f\\uff01-\\uff0f\\uff1a-\\uff20\\uff3b-\\uff40\\uff5b-\\uff65“”‘’…—«»„‹›،؛؟۔।';
/** Letters of scripts that put no blank behind an address. */
const LETTERS =
  '\\u0e01-\\u0e5b\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7af\\uff66-\\uff9f';
/** Behind a slash or a sign of a query such a letter is a part of the address. */
const LAST = '[a-z0-9)\\]"\'!,;]';
/** What is written of an address, up to what is not; signs of emphasis behind it are not. */
const ADDRESS = new RegExp(
  `(?<!\\]\\(<?|\\]:[ \\t]{0,9}<?|<)\\b(?:https?://|www\\.)[^\\s<>${PUNCTUATION}]+?` +
    `(?=[*~]{0,3}[${PUNCTUATION}]|[*~]{1,3}[${LETTERS}]|(?<=${LAST})[${LETTERS}])`,
  'gi',
);
const DELIMITER_ROW = /^[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;
const CODE = /(?<!`)(`{1,8})(?!`)([^`]|(?!\1(?!`))`+)*?\1(?!`)/g;

/**
 * The text as the parser is given it.
 * @param growing whether its last row may not be whole yet: then its pipes cannot be counted
 */
export function prepare(text: string, growing = false): string {
  const ended = text.includes('://') || text.includes('www.') ? endAddresses(text) : text;
  const parted = ended.includes('<') ? partTags(ended) : ended;
  return parted.includes('|') ? protectPipes(parted, growing) : parted;
}

const LINE_OF_TAG = /^([ \t]*)<(\/?)([a-z][a-z0-9]*)\b/i;
const ITEM = /^([ \t]*)(?:[-+*]|\d{1,9}[.)])[ \t]/;

/**
 * As in the standard, the tag of a block ends what it is not within, but for paragraphs: the item, the
 * quotation or the table on the line before. One that closes an element stands where that began.
 */
function partTags(text: string): string {
  const lines: string[] = [];
  const opened: Array<{ name: string; indent: string }> = [];
  /** How deep a tag must be to be within what is open. */
  let depth = 0;
  let fenced = false;
  for (const line of text.split('\n')) {
    if (/^[ \t]*(?:```|~~~)/.test(line)) fenced = !fenced;
    const [, own = '', closes = '', written = ''] = LINE_OF_TAG.exec(line) ?? [];
    const name = written.toLowerCase();
    if (fenced || !isBlockTag(name)) {
      lines.push(line);
      const item = ITEM.exec(line);
      if (item) depth = (item[1] as string).length + 1;
      else if (/^[ \t]*[>|]/.test(line)) depth = Number.POSITIVE_INFINITY;
      else if (line.trim() === '') depth = 0;
      continue;
    }
    let indent = own;
    if (!closes) {
      if (!line.includes(`</${written}`)) opened.push({ name, indent });
    } else if (opened.at(-1)?.name === name) indent = opened.pop()?.indent ?? own;
    if (depth > indent.length) {
      lines.push('');
      depth = 0;
    }
    lines.push(indent + line.trimStart());
  }
  return lines.join('\n');
}

function endAddresses(text: string): string {
  return text.replace(ADDRESS, (address) => address + END_OF_ADDRESS);
}

/** Pipes that part no cells: a row that has more of them than its table has columns tells. */
function protectPipes(text: string, growing: boolean): string {
  const lines = text.split('\n');
  let columns = 0;
  for (const [index, line] of lines.entries()) {
    const next = lines[index + 1] ?? '';
    if (line.trim() === '') columns = 0;
    else if (columns === 0 && line.includes('|') && isDelimiterRow(next)) {
      lines[index] = protectRow(line, cellsIn(next));
    } else if (columns > 0) {
      const open = growing && index === lines.length - 1;
      lines[index] = protectRow(line, open ? 0 : columns);
    } else if (isDelimiterRow(line)) columns = cellsIn(line);
  }
  return lines.join('\n');
}

function isDelimiterRow(line: string): boolean {
  return line.includes('|') && DELIMITER_ROW.test(line);
}

function protectRow(row: string, columns: number): string {
  if (cellsIn(row) <= columns || !/[`$]/.test(row)) return row;
  const inCode =
    row.length < 4_000 ? row.replace(CODE, (code) => code.replace(/\\?\|/g, PIPE)) : row;
  let guarded = '';
  let at = 0;
  for (const { from, to } of findMaths(inCode)) {
    guarded += inCode.slice(at, from) + inCode.slice(from, to).replaceAll('|', PIPE);
    at = to;
  }
  guarded += inCode.slice(at);
  return cellsIn(guarded) >= columns ? guarded : row;
}

function cellsIn(row: string): number {
  const bare = row.replace(/\\\\|\\\|/g, '').trim();
  return bare.replace(/^\|/, '').replace(/\|$/, '').split('|').length;
}

const INSERTED = / ?\ue003|\ue002/g;

function restore(tree: MarkdownRoot): void {
  const nodes: unknown[] = [tree];
  for (let node = nodes.pop(); node; node = nodes.pop()) {
    const { value, children } = node as { value?: string; children?: Node[] };
    if (value && INSERTED.test(value)) {
      (node as { value: string }).value = value.replace(INSERTED, (found) =>
        found === PIPE ? '|' : '',
      );
    }
    if (!children) continue;
    const read = children.flatMap((child) => withFormulas(asTyped(child)));
    Object.assign(node as object, { children: read });
    nodes.push(...read);
  }
}

/** Formulas of a text that is read before the syntax of maths is there: without their signs. */
function withFormulas(node: Node): Node[] {
  if (node.type !== 'text' || !node.value.includes('$$')) return [node];
  return node.value.split(/\$\$([^$]+)\$\$/).flatMap((value, index): Node[] => {
    if (value === '') return [];
    return index % 2 === 0
      ? [{ type: 'text', value }]
      : [{ type: 'inlineCode', value: value.trim() }];
  });
}

/** `<std::string>` is an address by the standard alone. */
function asTyped(node: Node): Node {
  if (node.type !== 'link' || safeUrl(node.url)) return node;
  const [text] = node.children;
  const { start, end } = node.position ?? {};
  const inBrackets =
    text?.type === 'text' && end?.offset === (start?.offset ?? 0) + text.value.length + 2;
  return inBrackets ? { type: 'text', value: `<${text.value}>` } : node;
}

export const PAGE_SYNTAX: Syntax = {
  // A tag begins no block: what follows one is Markdown like all else (html.ts).
  extensions: [{ disable: { null: ['htmlFlow'] } }],
  mdastExtensions: [{ transforms: [restore] }],
};
