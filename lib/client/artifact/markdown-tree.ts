/** A text as the tree that it is exported from. */
import { mathFromMarkdown } from 'mdast-util-math';
import { math } from 'micromark-extension-math';
import { normaliseMath } from '@/lib/client/markdown/features';
import { type MarkdownRoot, parseMarkdown } from '@/lib/client/markdown/parse';

export function markdownTree(text: string): MarkdownRoot {
  return parseMarkdown(normaliseMath(text), {
    extensions: [math({ singleDollarTextMath: false })],
    mdastExtensions: [mathFromMarkdown()],
  });
}
