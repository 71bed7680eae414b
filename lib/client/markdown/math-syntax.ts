/** Math syntax for the Markdown parser. */
import { mathFromMarkdown } from 'mdast-util-math';
import { math } from 'micromark-extension-math';
import type { Syntax } from '@/lib/client/markdown/parse';

// Single dollars are money at this point; `normalizeMath` has rewritten math with double dollars.
export const mathSyntax: Syntax = {
  extensions: [math({ singleDollarTextMath: false })],
  mdastExtensions: [mathFromMarkdown()],
};
