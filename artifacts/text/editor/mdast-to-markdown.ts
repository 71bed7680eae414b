/** Serializes a Markdown syntax tree in the common style of models and users. */
import { defaultHandlers, type Options, toMarkdown } from 'markdown-serializer';
import { gfmToMarkdown } from 'mdast-util-gfm';
import { defaultHandlers as handlersOfExtensions } from 'mdast-util-to-markdown';
import { findMath } from '@/lib/client/markdown/find-math';
import { type MarkdownRoot, parseMarkdown } from '@/lib/client/markdown/parse';

// In the browser the GFM extensions import a stub (next.config.ts).
Object.assign(handlersOfExtensions, defaultHandlers);

/** The choice among equivalent markers. */
export type MarkdownStyle = {
  bullet: '-' | '*' | '+';
  bulletOrdered: '.' | ')';
  emphasis: '*' | '_';
};

const DEFAULT_STYLE: MarkdownStyle = { bullet: '-', bulletOrdered: '.', emphasis: '*' };

const text: NonNullable<NonNullable<Options['handlers']>['text']> = (node, _, state, info) => {
  const safe = removeNeedlessEscapes(state.safe(node.value, info));
  // Dollar signs in plain text must not become math.
  return findMath(node.value).length > 0 ? safe.replace(/\\?\$/g, '\\$') : safe;
};

/** The values of math nodes include their delimiters; other verbatim text uses this type, too. */
const inlineMath = ({ value }: { value: string }) => value;

/** Serializes the tree, with a line break at the end. */
export function mdastToMarkdown(tree: MarkdownRoot, style = DEFAULT_STYLE): string {
  const markdown = toMarkdown(tree, {
    ...style,
    bulletOther: style.bullet === '-' ? '*' : '-',
    fences: true,
    listItemIndent: 'one',
    rule: '-',
    handlers: { text, inlineMath },
    extensions: [gfmToMarkdown({ tablePipeAlign: false })],
  });
  return decodeReferences(markdown);
}

/** A character next to a delimiter that CommonMark, unlike the app, would read differently. */
const REFERENCE = /(?<=[*_~])&#x([0-9A-F]+);|&#x([0-9A-F]+);(?=[*_~])/g;

/**
 * Decodes character references next to delimiters where the parser reads the text alike: it accepts
 * bold text directly before a letter (emphasis-syntax.ts).
 */
function decodeReferences(markdown: string): string {
  if (!markdown.includes('&#x')) return markdown;
  const decoded = markdown.replace(REFERENCE, (reference, after?: string, before?: string) => {
    const character = String.fromCodePoint(Number.parseInt(after ?? before ?? '', 16));
    return /[\p{L}\p{N}\p{P}]/u.test(character) ? character : reference;
  });
  return treeOf(decoded) === treeOf(markdown) ? decoded : markdown;
}

/** Returns the parsed tree without positions, for comparisons. */
function treeOf(markdown: string): string {
  return JSON.stringify(parseMarkdown(markdown), (key, value) =>
    key === 'position' ? undefined : value,
  );
}

/**
 * Removes escapes that GitHub Flavored Markdown does not need: of an underscore within a word or a
 * single tilde. Also of URLs and email addresses, so that typed ones become links.
 */
function removeNeedlessEscapes(markdown: string): string {
  return markdown
    .replace(/(?<=[\p{L}\p{N}])\\_(?=[\p{L}\p{N}])/gu, '_')
    .replace(/(?<![\\~])\\~(?!\\?~)/g, '~')
    .replace(/(?<=[ps])\\:(?=\/\/)/g, ':')
    .replace(/(?<=[\w.+-])\\@(?=[\w.-])/g, '@')
    .replace(/(?<=[Ww]{3})\\\.(?=\w)/g, '.');
}

/** Detects the style of a Markdown text. */
export function detectMarkdownStyle(markdown: string): MarkdownStyle {
  return {
    bullet: (/^ {0,3}([-*+])\s/m.exec(markdown)?.[1] ??
      DEFAULT_STYLE.bullet) as MarkdownStyle['bullet'],
    bulletOrdered: (/^ {0,3}\d{1,9}([.)])\s/m.exec(markdown)?.[1] ??
      DEFAULT_STYLE.bulletOrdered) as MarkdownStyle['bulletOrdered'],
    emphasis: /(?<![\w_*\\])_[^_\n]+_(?![\w_])/.test(markdown) ? '_' : DEFAULT_STYLE.emphasis,
  };
}

/** Returns a style whose lists do not merge with a list before. */
export function contrastingStyle(before: string, style: MarkdownStyle): MarkdownStyle {
  return {
    ...style,
    bullet: before.trimStart().startsWith('-') ? '*' : '-',
    bulletOrdered: /^\s*\d+\./.test(before) ? ')' : '.',
  };
}
