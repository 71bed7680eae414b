/**
 * Markdown as the page reads it, where people write otherwise than the standard wants: bare addresses
 * beside Chinese and Japanese punctuation, pipes in the code and the maths of a table, tags that are
 * text. What is put into a text before it is parsed is taken out of its tree.
 */
import { findMaths } from '@/lib/client/markdown/features';
import type { MarkdownRoot, Syntax } from '@/lib/client/markdown/parse';

/** A blank, which ends an address, and a character that nobody writes. */
const END_OF_ADDRESS = '\u205f\ue003';
const PIPE = '\ue002';

const PUNCTUATION =
  '\\u3000-\\u303f\\uff01-\\uff0f\\uff1a-\\uff20\\uff3b-\\uff40\\uff5b-\\uff65“”‘’…';
const ADDRESS = new RegExp(
  `(?<!\\]\\(<?|\\]:[ \\t]{0,9}<?)\\b(?:https?://|www\\.)[^\\s<>${PUNCTUATION}]+(?=[${PUNCTUATION}])`,
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
  return ended.includes('|') ? protectPipes(ended, growing) : ended;
}

function endAddresses(text: string): string {
  return text.replace(ADDRESS, (address) => address + END_OF_ADDRESS);
}

/** Pipes that part no cells: a row that has more of them than its table has columns tells. */
function protectPipes(text: string, growing: boolean): string {
  const lines = text.split('\n');
  let columns = 0;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') columns = 0;
    else if (columns > 0) {
      const open = growing && index === lines.length - 1;
      lines[index] = protectRow(line, open ? 0 : columns);
    } else if (line.includes('|') && DELIMITER_ROW.test(line)) columns = cellsIn(line);
  }
  return lines.join('\n');
}

function protectRow(row: string, columns: number): string {
  if (cellsIn(row) <= columns || !/[`$]/.test(row)) return row;
  const inCode = row.length < 4_000 ? row.replace(CODE, (code) => code.replaceAll('|', PIPE)) : row;
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

const INSERTED = /\u205f?\ue003|\ue002/g;

function restore(tree: MarkdownRoot): void {
  const nodes: unknown[] = [tree];
  for (let node = nodes.pop(); node; node = nodes.pop()) {
    const { value, children } = node as { value?: string; children?: unknown[] };
    if (value && INSERTED.test(value)) {
      (node as { value: string }).value = value.replace(INSERTED, (found) =>
        found === PIPE ? '|' : '',
      );
    }
    if (children) nodes.push(...children);
  }
}

export const PAGE_SYNTAX: Syntax = {
  // A tag begins no block: what follows one is Markdown like all else (html.ts).
  extensions: [{ disable: { null: ['htmlFlow'] } }],
  mdastExtensions: [{ transforms: [restore] }],
};
