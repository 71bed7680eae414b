/** How maths is told from other text, for the light renderer; with the looks of what KaTeX sets. */
import 'katex/dist/katex.min.css';
import { mathFromMarkdown } from 'mdast-util-math';
import { math } from 'micromark-extension-math';
import type { Syntax } from '@/lib/client/markdown/parse';

// Single dollars are money here; normaliseMath has written maths in double ones.
export const mathSyntax: Syntax = {
  extensions: [math({ singleDollarTextMath: false })],
  mdastExtensions: [mathFromMarkdown()],
};
