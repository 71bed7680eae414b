/**
 * Markdown (CommonMark and GitHub's extensions) as a tree, by the parser that react-markdown is
 * built on too, without the stages that only plugins need: half the weight, half the time.
 */
import { fromMarkdown, type Options } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
// Maths is among the nodes where its syntax is given.
import type {} from 'mdast-util-math';
import { gfm } from 'micromark-extension-gfm';
import { emphasisSyntax } from '@/lib/client/markdown/emphasis-syntax';
import { isParsable } from '@/lib/client/markdown/parser-limits';

export type MarkdownRoot = ReturnType<typeof fromMarkdown>;

/** One tilde is no strikethrough: "~5 to ~10". The full renderer is told the same. */
export const GFM_OPTIONS = { singleTilde: false };

/** What a text may hold beside the base. */
export type Syntax = {
  extensions: NonNullable<Options['extensions']>;
  mdastExtensions: NonNullable<Options['mdastExtensions']>;
};

const BASE_SYNTAX: Syntax = {
  extensions: [gfm(GFM_OPTIONS), emphasisSyntax],
  mdastExtensions: [gfmFromMarkdown()],
};

/** A text that would take the parser too long is one paragraph, as it is written. */
export function parseMarkdown(text: string, extraSyntax?: Syntax): MarkdownRoot {
  if (!isParsable(text, true)) {
    return {
      type: 'root',
      children: [{ type: 'paragraph', children: [{ type: 'text', value: text }] }],
    };
  }
  if (!extraSyntax) return fromMarkdown(text, BASE_SYNTAX);
  return fromMarkdown(text, {
    extensions: [...BASE_SYNTAX.extensions, ...extraSyntax.extensions],
    mdastExtensions: [...BASE_SYNTAX.mdastExtensions, ...extraSyntax.mdastExtensions],
  });
}
