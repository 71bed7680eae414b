/**
 * Markdown (CommonMark and GitHub's extensions) as a tree, by the parser that react-markdown is
 * built on too, without the stages that only plugins need: half the weight, half the time.
 */
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';

export type MarkdownRoot = ReturnType<typeof fromMarkdown>;

/** One tilde is no strikethrough: "~5 to ~10". The full renderer is told the same. */
export const GFM_OPTIONS = { singleTilde: false };

const OPTIONS = {
  extensions: [gfm(GFM_OPTIONS)],
  mdastExtensions: [gfmFromMarkdown()],
};

export function parseMarkdown(text: string): MarkdownRoot {
  return fromMarkdown(text, OPTIONS);
}
