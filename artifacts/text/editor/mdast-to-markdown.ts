/** Markdown from its syntax tree, written the way models and people write it. */
import { gfmToMarkdown } from 'mdast-util-gfm';
import { type Options, toMarkdown } from 'mdast-util-to-markdown';
import { findMath } from '@/lib/client/markdown/find-math';
import type { MarkdownRoot } from '@/lib/client/markdown/parse';

/** How a text marks what can be marked in several ways. */
export type MarkdownStyle = {
  bullet: '-' | '*' | '+';
  bulletOrdered: '.' | ')';
  emphasis: '*' | '_';
};

const DEFAULT_STYLE: MarkdownStyle = { bullet: '-', bulletOrdered: '.', emphasis: '*' };

const text: NonNullable<NonNullable<Options['handlers']>['text']> = (node, _, state, info) => {
  const safe = removeNeedlessEscapes(state.safe(node.value, info));
  // A dollar that is no maths must not become one.
  return findMath(node.value).length > 0 ? safe.replace(/\\?\$/g, '\\$') : safe;
};

/** Maths stands in the tree with its delimiters, and so does whatever is not to be touched. */
const inlineMath = ({ value }: { value: string }) => value;

/** The tree as Markdown, with a line break at its end. */
export function mdastToMarkdown(tree: MarkdownRoot, style = DEFAULT_STYLE): string {
  return toMarkdown(tree, {
    ...style,
    bulletOther: style.bullet === '-' ? '*' : '-',
    fences: true,
    listItemIndent: 'one',
    rule: '-',
    handlers: { text, inlineMath },
    extensions: [gfmToMarkdown({ tablePipeAlign: false })],
  });
}

/**
 * Without the escapes that GitHub's Markdown does not need: an underscore within a word, a lonely
 * tilde. And an address that somebody types is to be a link.
 */
function removeNeedlessEscapes(markdown: string): string {
  return markdown
    .replace(/(?<=[\p{L}\p{N}])\\_(?=[\p{L}\p{N}])/gu, '_')
    .replace(/(?<![\\~])\\~(?!\\?~)/g, '~')
    .replace(/(?<=[ps])\\:(?=\/\/)/g, ':')
    .replace(/(?<=[\w.+-])\\@(?=[\w.-])/g, '@')
    .replace(/(?<=[Ww]{3})\\\.(?=\w)/g, '.');
}

/** The hand that a text is written in. */
export function detectMarkdownStyle(markdown: string): MarkdownStyle {
  return {
    bullet: (/^ {0,3}([-*+])\s/m.exec(markdown)?.[1] ??
      DEFAULT_STYLE.bullet) as MarkdownStyle['bullet'],
    bulletOrdered: (/^ {0,3}\d{1,9}([.)])\s/m.exec(markdown)?.[1] ??
      DEFAULT_STYLE.bulletOrdered) as MarkdownStyle['bulletOrdered'],
    emphasis: /(?<![\w_*\\])_[^_\n]+_(?![\w_])/.test(markdown) ? '_' : DEFAULT_STYLE.emphasis,
  };
}

/** A hand whose lists do not go on with the one before. */
export function contrastingStyle(before: string, style: MarkdownStyle): MarkdownStyle {
  return {
    ...style,
    bullet: before.trimStart().startsWith('-') ? '*' : '-',
    bulletOrdered: /^\s*\d+\./.test(before) ? ')' : '.',
  };
}
