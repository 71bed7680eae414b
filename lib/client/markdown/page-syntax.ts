/**
 * Adapts Markdown to common usage that deviates from the standard: bare URLs next to letters and
 * punctuation of Chinese, Japanese and Korean, pipes in the code and the math of a table, tags that
 * are text. Placeholders inserted before parsing are removed from the tree.
 */
import { findMath, LITERAL_MARK } from '@/lib/client/markdown/find-math';
import { isBlockTag } from '@/lib/client/markdown/html-tags';
import type { Node } from '@/lib/client/markdown/join-segments';
import type { MarkdownRoot, Syntax } from '@/lib/client/markdown/parse';
import { safeUrl } from '@/lib/client/markdown/safe-url';

/** A space, which ends the URL, and a private-use character. */
const URL_TERMINATOR = ' \ue003';
const PIPE_PLACEHOLDER = '\ue002';

const PUNCTUATION =
  '\\u3000-\\u303f\\uff01-\\uff0f\\uff1a-\\uff20\\uff3b-\\uff40\\uff5b-\\uff65“”‘’…—«»„‹›،؛؟۔।';
/** Letters of scripts that put no space after a URL. */
const UNSPACED_LETTERS =
  '\\u0e01-\\u0e5b\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7af\\uff66-\\uff9f';
/**
 * After these characters such a letter ends the URL; after a slash or a query delimiter it belongs
 * to it.
 */
const URL_LAST_CHAR = '[a-z0-9)\\]"\'!,;]';
/**
 * A bare URL, up to the first character that does not belong to it; trailing emphasis delimiters do
 * not.
 */
const BARE_URL = new RegExp(
  `(?<!\\]\\(<?|\\]:[ \\t]{0,9}<?|<)\\b(?:https?://|www\\.)[^\\s<>${PUNCTUATION}]+?` +
    `(?=[*~]{0,3}[${PUNCTUATION}]|[*~]{1,3}[${UNSPACED_LETTERS}]|(?<=${URL_LAST_CHAR})[${UNSPACED_LETTERS}])`,
  'gi',
);
const DELIMITER_ROW = /^[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;
const INLINE_CODE = /(?<!`)(`{1,8})(?!`)([^`]|(?!\1(?!`))`+)*?\1(?!`)/g;

/**
 * Prepares a text for the parser.
 * @param streaming whether the last row may be incomplete: its pipes cannot be counted then
 */
export function preprocess(text: string, streaming = false): string {
  const withTerminatedUrls = terminateUrls(text);
  const withSeparatedTags = withTerminatedUrls.includes('<')
    ? separateBlockTags(withTerminatedUrls)
    : withTerminatedUrls;
  return protectTablePipes(withSeparatedTags, streaming);
}

/**
 * Prepares a text for an editor: as `preprocess`, but keeps its lines. The placeholders in the
 * parsed values are removed by `removePlaceholders`.
 */
export function preprocessLines(text: string): string {
  return protectTablePipes(terminateUrls(text), false);
}

const TAG_LINE = /^([ \t]*)<(\/?)([a-z][a-z0-9]*)\b/i;
const LIST_ITEM = /^([ \t]*)(?:[-+*]|\d{1,9}[.)])[ \t]/;

/**
 * Inserts a blank line before a block tag that is outside the list item, quotation or table of the
 * line before, so that the tag ends it, as in the standard; paragraphs are not ended. A closing tag
 * gets the indentation of its opening tag.
 */
function separateBlockTags(text: string): string {
  const lines: string[] = [];
  const openTags: Array<{ name: string; indent: string }> = [];
  /** Minimum indentation of a tag inside the open container. */
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
  if (!text.includes('://') && !text.includes('www.')) return text;
  return text.replace(BARE_URL, (url) => url + URL_TERMINATOR);
}

/**
 * Replaces pipes that do not separate cells. They are recognized by a row that has more cells than
 * its table has columns.
 */
function protectTablePipes(text: string, streaming: boolean): string {
  if (!text.includes('|')) return text;
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

const PLACEHOLDERS = new RegExp(` ?\ue003|${PIPE_PLACEHOLDER}|${LITERAL_MARK}`, 'g');

/** Removes the placeholders from a value of the tree. */
export function removePlaceholders(value: string): string {
  return value.replace(PLACEHOLDERS, (found) => (found === PIPE_PLACEHOLDER ? '|' : ''));
}

function restoreTree(tree: MarkdownRoot): void {
  const nodes: unknown[] = [tree];
  for (let node = nodes.pop(); node; node = nodes.pop()) {
    const { value, url, children } = node as { value?: string; url?: string; children?: Node[] };
    if (url) (node as { url: string }).url = url.replaceAll(LITERAL_MARK, '');
    if (value) (node as { value: string }).value = removePlaceholders(value);
    if (!children) continue;
    const restored = children.flatMap((child) => splitFormulas(restoreAutolink(child)));
    Object.assign(node as object, { children: restored });
    nodes.push(...restored);
  }
}

/** Displays formulas without their delimiters while the math syntax is not loaded yet. */
function splitFormulas(node: Node): Node[] {
  if (node.type !== 'text' || !node.value.includes('$$')) return [node];
  return node.value.split(/\$\$([^$]+)\$\$/).flatMap((value, index): Node[] => {
    if (value === '') return [];
    return index % 2 === 0
      ? [{ type: 'text', value }]
      : [{ type: 'inlineCode', value: value.trim() }];
  });
}

/** `<std::string>` is an autolink in CommonMark; turns it back into text. */
function restoreAutolink(node: Node): Node {
  if (node.type !== 'link' || safeUrl(node.url)) return node;
  const [text] = node.children;
  const { start, end } = node.position ?? {};
  const inBrackets =
    text?.type === 'text' && end?.offset === (start?.offset ?? 0) + text.value.length + 2;
  return inBrackets ? { type: 'text', value: `<${text.value}>` } : node;
}

export const PAGE_SYNTAX: Syntax = {
  // A tag does not start an HTML block: the text after it is Markdown (html-tags.ts).
  extensions: [{ disable: { null: ['htmlFlow'] } }],
  mdastExtensions: [{ transforms: [restoreTree] }],
};
