/** Parses Markdown with math into the syntax tree for exports. */
import { mathFromMarkdown } from 'mdast-util-math';
import { math } from 'micromark-extension-math';
import type { MarkdownRoot } from '@/lib/client/markdown/parse';
import { parseWholeText } from '@/lib/client/markdown/references';

const MATH = {
  extensions: [math({ singleDollarTextMath: false })],
  mdastExtensions: [mathFromMarkdown()],
};

export function parseForExport(text: string): MarkdownRoot {
  return { type: 'root', children: parseWholeText(text, MATH) };
}
