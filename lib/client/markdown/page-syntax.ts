/**
 * Markdown as the page reads it, where people write otherwise than the standard wants: bare addresses
 * beside the letters and the punctuation of Chinese, Japanese and Korean, pipes in the code and the
 * maths of a table, tags that are text. What is put into a text before it is parsed is taken out of
 * its tree.
 */
import { findMath } from '@/lib/client/markdown/find-math';
import { isBlockTag } from '@/lib/client/markdown/html-tags';
import type { Node } from '@/lib/client/markdown/join-segments';
import type { MarkdownRoot, Syntax } from '@/lib/client/markdown/parse';
import { safeUrl } from '@/lib/client/markdown/safe-url';

/** A blank, which ends an address, and a character that nobody writes. */
const URL_TERMINATOR = ' \ue003';
const PIPE_PLACEHOLDER = '\ue002';

const PUNCTUATION =
  '\\u3000-\\u303f\\uff01-\\uff0f\\uff1a-\\uff20\\uff3b-\\uff40\\uff5b-\\uff65“”‘’…—«»„‹›،؛؟۔।';
/** Letters of scripts that put no blank behind an address. */
const UNSPACED_LETTERS =
  '\\u0e01-\\u0e5b\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7af\\uff66-\\uff9f';
/** Behind a slash or a sign of a query such a letter is a part of the address. */
const URL_LAST_CHAR = '[a-z0-9)\\]"\'!,;]';
/** What is written of an address, up to what is not; signs of emphasis behind it are not. */
const BARE_URL = new RegExp(
  `(?<!\\]\\(<?|\\]:[ \\t]{0,9}<?|<)\\b(?:https?://|www\\.)[^\\s<>${PUNCTUATION}]+?` +
    `(?=[*~]{0,3}[${PUNCTUATION}]|[*~]{1,3}[${UNSPACED_LETTERS}]|(?<=${URL_LAST_CHAR})[${UNSPACED_LETTERS}])`,
  'gi',
);
const DELIMITER_ROW = /^[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;
const INLINE_CODE = /(?<!`)(`{1,8})(?!`)([^`]|(?!\1(?!`))`+)*?\1(?!`)/g;

/**
 * The text as the parser is given it.
 * @param streaming whether its last row may not be whole yet: then its pipes cannot be counted
 */
export function preprocess(text: string, streaming = false): string {
  const withTerminatedUrls =
    text.includes('://') || text.includes('www.') ? terminateUrls(text) : text;
  const withSeparatedTags = withTerminatedUrls.includes('<')
    ? separateBlockTags(withTerminatedUrls)
    : withTerminatedUrls;
  return withSeparatedTags.includes('|')
    ? protectTablePipes(withSeparatedTags, streaming)
    : withSeparatedTags;
}

const TAG_LINE = /^([ \t]*)<(\/?)([a-z][a-z0-9]*)\b/i;
const LIST_ITEM = /^([ \t]*)(?:[-+*]|\d{1,9}[.)])[ \t]/;

/**
 * As in the standard, the tag of a block ends what it is not within, but for paragraphs: the item, the
 * quotation or the table on the line before. One that closes an element stands where that began.
 */
function separateBlockTags(text: string): string {
  const lines: string[] = [];
  const openTags: Array<{ name: string; indent: string }> = [];
  /** How deep a tag must be to be within what is open. */
  let depth = 0;
  let fenced = false;
  for (const line of text.split('\n')) {
    if (/^[ \t]*(?:```|~~~)/.test(line)) fenced = !fenced;
    const [, lineIndent = '', closes = '', tagName = ''] = TAG_LINE.exec(line) ?? [];
    const name = tagName.toLowerCase();
    if (fenced || !isBlockTag(name)) {
      lines.push(line);
      const item = LIST_ITEM.exec(line);
      if (item) depth = (item[1] as string).length + 1;
      else if (/^[ \t]*[>|]/.test(line)) depth = Number.POSITIVE_INFINITY;
      else if (line.trim() === '') depth = 0;
      continue;
    }
    let indent = lineIndent;
    if (!closes) {
      if (!line.includes(`</${tagName}`)) openTags.push({ name, indent });
    } else if (openTags.at(-1)?.name === name) indent = openTags.pop()?.indent ?? lineIndent;
    if (depth > indent.length) {
      lines.push('');
      depth = 0;
    }
    lines.push(indent + line.trimStart());
  }
  return lines.join('\n');
}

function terminateUrls(text: string): string {
  return text.replace(BARE_URL, (url) => url + URL_TERMINATOR);
}

/** Pipes that part no cells: a row that has more of them than its table has columns tells. */
function protectTablePipes(text: string, streaming: boolean): string {
  const lines = text.split('\n');
  let columns = 0;
  for (const [index, line] of lines.entries()) {
    const next = lines[index + 1] ?? '';
    if (line.trim() === '') columns = 0;
    else if (columns === 0 && line.includes('|') && isDelimiterRow(next)) {
      lines[index] = protectRowPipes(line, countCells(next));
    } else if (columns > 0) {
      const open = streaming && index === lines.length - 1;
      lines[index] = protectRowPipes(line, open ? 0 : columns);
    } else if (isDelimiterRow(line)) columns = countCells(line);
  }
  return lines.join('\n');
}

function isDelimiterRow(line: string): boolean {
  return line.includes('|') && DELIMITER_ROW.test(line);
}

function protectRowPipes(row: string, columns: number): string {
  if (countCells(row) <= columns || !/[`$]/.test(row)) return row;
  const inCode =
    row.length < 4_000
      ? row.replace(INLINE_CODE, (code) => code.replace(/\\?\|/g, PIPE_PLACEHOLDER))
      : row;
  let protectedRow = '';
  let position = 0;
  for (const { from, to } of findMath(inCode)) {
    protectedRow +=
      inCode.slice(position, from) + inCode.slice(from, to).replaceAll('|', PIPE_PLACEHOLDER);
    position = to;
  }
  protectedRow += inCode.slice(position);
  return countCells(protectedRow) >= columns ? protectedRow : row;
}

function countCells(row: string): number {
  const unescapedRow = row.replace(/\\\\|\\\|/g, '').trim();
  return unescapedRow.replace(/^\|/, '').replace(/\|$/, '').split('|').length;
}

const PLACEHOLDERS = / ?\ue003|\ue002/g;

function removePlaceholders(tree: MarkdownRoot): void {
  const nodes: unknown[] = [tree];
  for (let node = nodes.pop(); node; node = nodes.pop()) {
    const { value, children } = node as { value?: string; children?: Node[] };
    if (value && PLACEHOLDERS.test(value)) {
      (node as { value: string }).value = value.replace(PLACEHOLDERS, (found) =>
        found === PIPE_PLACEHOLDER ? '|' : '',
      );
    }
    if (!children) continue;
    const restored = children.flatMap((child) => splitFormulas(restoreAutolink(child)));
    Object.assign(node as object, { children: restored });
    nodes.push(...restored);
  }
}

/** Formulas of a text that is read before the syntax of maths is there: without their signs. */
function splitFormulas(node: Node): Node[] {
  if (node.type !== 'text' || !node.value.includes('$$')) return [node];
  return node.value.split(/\$\$([^$]+)\$\$/).flatMap((value, index): Node[] => {
    if (value === '') return [];
    return index % 2 === 0
      ? [{ type: 'text', value }]
      : [{ type: 'inlineCode', value: value.trim() }];
  });
}

/** `<std::string>` is an address by the standard alone. */
function restoreAutolink(node: Node): Node {
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
  mdastExtensions: [{ transforms: [removePlaceholders] }],
};
