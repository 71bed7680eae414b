/**
 * Parses Markdown (CommonMark and GitHub's extensions) with the parser that react-markdown is built
 * on, without the stages that only plugins need: half the size, half the time.
 */
import { fromMarkdown, type Options } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
// Adds the math nodes to the node types.
import type {} from 'mdast-util-math';
import { gfm } from 'micromark-extension-gfm';
import { emphasisSyntax } from '@/lib/client/markdown/emphasis-syntax';
import { isParsable } from '@/lib/client/markdown/parser-limits';

export type MarkdownRoot = ReturnType<typeof fromMarkdown>;

/**
 * A single tilde is not strikethrough: "~5 to ~10". Tests pass the same options to react-markdown.
 */
export const GFM_OPTIONS = { singleTilde: false };

/** Syntax in addition to the base. */
export type Syntax = {
  extensions: NonNullable<Options['extensions']>;
  mdastExtensions: NonNullable<Options['mdastExtensions']>;
};

const BASE_SYNTAX: Syntax = {
  extensions: [gfm(GFM_OPTIONS), emphasisSyntax],
  mdastExtensions: [gfmFromMarkdown()],
};

/** Parses a text. A text that would take the parser too long becomes one unparsed paragraph. */
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
