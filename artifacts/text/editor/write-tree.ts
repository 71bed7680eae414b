/** Markdown from its syntax tree, written the way models and people write it. */
import { gfmToMarkdown } from 'mdast-util-gfm';
import { type Options, toMarkdown } from 'mdast-util-to-markdown';
import { findMaths } from '@/lib/client/markdown/features';
import type { MarkdownRoot } from '@/lib/client/markdown/parse';

/** How a text marks what can be marked in several ways. */
export type Hand = {
  bullet: '-' | '*' | '+';
  bulletOrdered: '.' | ')';
  emphasis: '*' | '_';
};

const PLAIN_HAND: Hand = { bullet: '-', bulletOrdered: '.', emphasis: '*' };

const text: NonNullable<NonNullable<Options['handlers']>['text']> = (node, _, state, info) => {
  const safe = lessEscaped(state.safe(node.value, info));
  // A dollar that is no maths must not become one.
  return findMaths(node.value).length > 0 ? safe.replace(/\\?\$/g, '\\$') : safe;
};

/** Maths stands in the tree with its delimiters, and so does whatever is not to be touched. */
const inlineMath = ({ value }: { value: string }) => value;

/** The tree as Markdown, with a line break at its end. */
export function writeTree(tree: MarkdownRoot, hand = PLAIN_HAND): string {
  return toMarkdown(tree, {
    ...hand,
    bulletOther: hand.bullet === '-' ? '*' : '-',
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
function lessEscaped(markdown: string): string {
  return markdown
    .replace(/(?<=[\p{L}\p{N}])\\_(?=[\p{L}\p{N}])/gu, '_')
    .replace(/(?<![\\~])\\~(?!\\?~)/g, '~')
    .replace(/(?<=[ps])\\:(?=\/\/)/g, ':')
    .replace(/(?<=[\w.+-])\\@(?=[\w.-])/g, '@')
    .replace(/(?<=[Ww]{3})\\\.(?=\w)/g, '.');
}

/** The hand that a text is written in. */
export function handOf(markdown: string): Hand {
  return {
    bullet: (/^ {0,3}([-*+])\s/m.exec(markdown)?.[1] ?? PLAIN_HAND.bullet) as Hand['bullet'],
    bulletOrdered: (/^ {0,3}\d{1,9}([.)])\s/m.exec(markdown)?.[1] ??
      PLAIN_HAND.bulletOrdered) as Hand['bulletOrdered'],
    emphasis: /(?<![\w_*\\])_[^_\n]+_(?![\w_])/.test(markdown) ? '_' : PLAIN_HAND.emphasis,
  };
}

/** A hand whose lists do not go on with the one before. */
export function unlike(before: string, hand: Hand): Hand {
  return {
    ...hand,
    bullet: before.trimStart().startsWith('-') ? '*' : '-',
    bulletOrdered: /^\s*\d+\./.test(before) ? ')' : '.',
  };
}
