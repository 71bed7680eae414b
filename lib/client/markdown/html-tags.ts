/**
 * The HTML tags that Markdown may contain: names, parents and attributes. No HTML parser is
 * involved: elements have only names and attributes from these lists.
 */

import type { Node } from '@/lib/client/markdown/join-segments';
import { safeUrl } from '@/lib/client/markdown/safe-url';

export type ElementNode = {
  type: 'element';
  name: string;
  props: Record<string, string | number | boolean>;
  children: RenderableNode[];
};
/** A Markdown node or an HTML element. */
export type RenderableNode = Node | ElementNode;

export const VOID_TAGS = new Set(['br', 'hr', 'wbr', 'img']);
const INLINE_TAGS = new Set(
  'a abbr b bdi cite code del dfn em i ins kbd mark q s samp small span strong sub sup u var'.split(
    ' ',
  ),
);
export function isInlineTag(name: string): boolean {
  return INLINE_TAGS.has(name);
}

/** Elements that contain blocks, and their allowed parents; '' means anywhere. */
export const BLOCK_TAG_PARENTS: Record<string, string> = {
  article: '',
  aside: '',
  blockquote: '',
  center: '',
  details: '',
  div: '',
  dl: '',
  figure: '',
  footer: '',
  h1: '',
  h2: '',
  h3: '',
  h4: '',
  h5: '',
  h6: '',
  header: '',
  main: '',
  nav: '',
  ol: '',
  p: '',
  pre: '',
  section: '',
  table: '',
  ul: '',
  caption: 'table',
  dd: 'dl',
  dt: 'dl',
  figcaption: 'figure',
  li: 'ol ul',
  summary: 'details',
  tbody: 'table',
  td: 'tr',
  tfoot: 'table',
  th: 'tr',
  thead: 'table',
  tr: 'table tbody tfoot thead',
};

/** Whether this is a block element that the page renders. */
export function isBlockTag(name: string): boolean {
  return Object.hasOwn(BLOCK_TAG_PARENTS, name) || name === 'hr';
}

const TAG_PATTERN = /^<(\/?)([a-z][a-z0-9]*)((?:\s[^>]*)?)\/?>$/i;
const ATTRIBUTE_PATTERN = /([a-z]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/gi;

export type Tag = { isClosing: boolean; name: string; attributes: string };

/** Returns the tag that this node is, if any. */
export function parseTag(node: RenderableNode): Tag | undefined {
  if (node.type !== 'html') return undefined;
  const tag = TAG_PATTERN.exec(node.value);
  if (!tag) return undefined;
  return {
    isClosing: tag[1] === '/',
    name: (tag[2] as string).toLowerCase(),
    attributes: tag[3] ?? '',
  };
}

/** Returns the attributes from the lists above, with safe values. */
export function sanitizeAttributes({ name, attributes }: Tag): ElementNode['props'] {
  const props: ElementNode['props'] = {};
  for (const [, key = '', double, single, unquoted] of attributes.matchAll(ATTRIBUTE_PATTERN)) {
    const value = double ?? single ?? unquoted ?? '';
    const lower = key.toLowerCase();
    if (lower === 'open' && name === 'details') props.open = true;
    if (lower === 'href' && name === 'a') props.href = safeUrl(value);
    if (lower === 'src' && name === 'img') props.src = safeUrl(value);
    if (lower === 'alt' && name === 'img') props.alt = value;
    if (lower === 'title' && name === 'abbr') props.title = value;
    if (lower === 'dir' && /^(?:ltr|rtl|auto)$/.test(value)) props.dir = value;
    if (lower === 'align' && /^(?:left|right|center)$/.test(value)) props.align = value;
    if (name === 'ol' && lower === 'start' && /^\d{1,9}$/.test(value)) props.start = Number(value);
    if (/^t[dh]$/.test(name) && /^(?:col|row)span$/.test(lower) && /^\d{1,2}$/.test(value)) {
      props[lower === 'colspan' ? 'colSpan' : 'rowSpan'] = Number(value);
    }
  }
  return props;
}

export function isBlockTagNode(tag: Tag | undefined): boolean {
  return tag !== undefined && isBlockTag(tag.name);
}
