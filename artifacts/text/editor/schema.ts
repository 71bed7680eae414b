/**
 * The ProseMirror schema of the editor: exactly the elements of Markdown, so that every document
 * can be serialized.
 */
import { type Attrs, type MarkSpec, type Node, type NodeSpec, Schema } from 'prosemirror-model';
import { EXTERNAL_REL, safeUrl } from '@/lib/client/markdown/safe-url';

const HEADING_LEVELS = [1, 2, 3, 4, 5, 6];

const nodes = {
  doc: { content: 'block+' },
  paragraph: {
    group: 'block',
    content: 'inline*',
    parseDOM: [{ tag: 'p' }],
    toDOM: () => ['p', { dir: 'auto' }, 0],
  },
  heading: {
    group: 'block',
    content: 'inline*',
    attrs: { level: { default: 1 } },
    defining: true,
    parseDOM: HEADING_LEVELS.map((level) => ({ tag: `h${level}`, attrs: { level } })),
    toDOM: (node) => [`h${node.attrs.level}`, { dir: 'auto' }, 0],
  },
  blockquote: {
    group: 'block',
    content: 'block+',
    defining: true,
    parseDOM: [{ tag: 'blockquote' }],
    toDOM: () => ['blockquote', 0],
  },
  code_block: {
    group: 'block',
    content: 'text*',
    marks: '',
    code: true,
    defining: true,
    /** The info string of the fence: the language, then the rest. */
    attrs: { language: { default: '' }, meta: { default: '' } },
    parseDOM: [{ tag: 'pre', preserveWhitespace: 'full', getAttrs: parseCodeLanguage }],
    toDOM: ({ attrs }) => [
      'figure',
      { class: 'code-block' },
      ['figcaption', { contenteditable: 'false' }, ['span', attrs.language || 'text']],
      ['pre', ['code', { 'data-language': attrs.language, spellcheck: 'false' }, 0]],
    ],
  },
  /** A verbatim block of Markdown: HTML, display math, definitions. */
  raw_block: {
    group: 'block',
    content: 'text*',
    marks: '',
    code: true,
    defining: true,
    parseDOM: [{ tag: 'pre[data-raw]', preserveWhitespace: 'full', priority: 60 }],
    toDOM: () => ['pre', { class: 'verbatim', 'data-raw': '', spellcheck: 'false' }, ['code', 0]],
  },
  rule: { group: 'block', parseDOM: [{ tag: 'hr' }], toDOM: () => ['hr'] },
  bullet_list: {
    group: 'block',
    content: 'list_item+',
    attrs: { loose: { default: false } },
    parseDOM: [{ tag: 'ul', getAttrs: parseLooseness }],
    toDOM: ({ attrs }) => ['ul', tightAttribute(attrs), 0],
  },
  ordered_list: {
    group: 'block',
    content: 'list_item+',
    attrs: { start: { default: 1 }, loose: { default: false } },
    parseDOM: [
      { tag: 'ol', getAttrs: (ol) => ({ start: parseListStart(ol), ...parseLooseness(ol) }) },
    ],
    toDOM: ({ attrs }) => [
      'ol',
      { ...tightAttribute(attrs), ...(attrs.start === 1 ? {} : { start: attrs.start }) },
      0,
    ],
  },
  list_item: {
    content: 'block+',
    /** `checked` is null if the item is not a task. */
    attrs: { checked: { default: null }, loose: { default: false } },
    defining: true,
    parseDOM: [{ tag: 'li', getAttrs: (li) => ({ checked: parseChecked(li) }) }],
    // Used for the clipboard only; the editor renders items with `ListItemView`.
    toDOM: ({ attrs: { checked } }) => {
      if (checked === null) return ['li', 0];
      const box = { type: 'checkbox', ...(checked ? { checked: '' } : {}) };
      return ['li', ['input', box], ['div', 0]];
    },
  },
  table: {
    group: 'block',
    content: 'table_row+',
    tableRole: 'table',
    isolating: true,
    parseDOM: [{ tag: 'table' }],
    toDOM: () => ['div', { class: 'table-scroll' }, ['table', ['tbody', 0]]],
  },
  table_row: {
    content: '(table_cell | table_header)*',
    tableRole: 'row',
    parseDOM: [{ tag: 'tr' }],
    toDOM: () => ['tr', 0],
  },
  table_cell: cellSpec('td', 'cell'),
  table_header: cellSpec('th', 'header_cell'),
  image: {
    group: 'inline',
    inline: true,
    /** `reference`: the referenced definition, as `referenceType label`. */
    attrs: {
      src: {},
      alt: { default: '' },
      title: { default: null },
      reference: { default: null },
    },
    draggable: true,
    parseDOM: [
      { tag: 'img[src]', getAttrs: (image) => parseImage(image, 'src', 'alt') },
      {
        tag: 'a[data-src]',
        priority: 60,
        getAttrs: (link) => parseImage(link, 'data-src', 'data-alt'),
      },
    ],
    // A link, as everywhere in the app: an image would be fetched from any host in the text.
    toDOM: ({ attrs }) => [
      'a',
      { class: 'image-link', title: attrs.src, 'data-src': attrs.src, 'data-alt': attrs.alt },
      attrs.alt || 'Image',
    ],
  },
  hard_break: {
    group: 'inline',
    inline: true,
    selectable: false,
    linebreakReplacement: true,
    parseDOM: [{ tag: 'br' }],
    toDOM: () => ['br'],
  },
  text: { group: 'inline' },
} satisfies Record<string, NodeSpec>;

// From the outermost to the innermost mark.
const marks = {
  link: {
    attrs: { href: {}, title: { default: null }, reference: { default: null } },
    inclusive: false,
    parseDOM: [{ tag: 'a[href]', getAttrs: parseLink }],
    toDOM: ({ attrs }) => ['a', { href: safeUrl(attrs.href) || null, rel: EXTERNAL_REL }, 0],
  },
  strong: {
    parseDOM: [
      { tag: 'strong' },
      // Some editors wrap all they copy in a <b> that is not bold.
      { tag: 'b', getAttrs: (b) => b.style.fontWeight !== 'normal' && null },
      { style: 'font-weight=400', clearMark: ({ type }) => type.name === 'strong' },
      { style: 'font-weight', getAttrs: (weight) => /^(?:bold|[6-9]\d\d)$/.test(weight) && null },
    ],
    toDOM: () => ['strong', 0],
  },
  em: {
    parseDOM: [{ tag: 'em' }, { tag: 'i' }, { style: 'font-style=italic' }],
    toDOM: () => ['em', 0],
  },
  strike: {
    parseDOM: [{ tag: 'del' }, { tag: 's' }, { style: 'text-decoration=line-through' }],
    toDOM: () => ['del', 0],
  },
  code: {
    code: true,
    parseDOM: [{ tag: 'code' }],
    toDOM: () => ['code', { dir: 'ltr', spellcheck: 'false' }, 0],
  },
  /** Verbatim inline Markdown: HTML, math, footnote references. */
  raw: {
    inclusive: false,
    excludes: 'raw code',
    parseDOM: [{ tag: 'span[data-raw]' }],
    toDOM: () => [
      'span',
      { class: 'verbatim', dir: 'ltr', 'data-raw': '', spellcheck: 'false' },
      0,
    ],
  },
} satisfies Record<string, MarkSpec>;

export const schema = new Schema<keyof typeof nodes, keyof typeof marks>({ nodes, marks });

/** Whether the block contains only plain text, not Markdown: code and raw blocks. */
export function isVerbatim({ type }: Node): boolean {
  return type === schema.nodes.code_block || type === schema.nodes.raw_block;
}

function cellSpec(tag: 'td' | 'th', tableRole: string): NodeSpec {
  return {
    content: 'inline*',
    // prosemirror-tables requires the span attributes; Markdown cells have none.
    attrs: {
      colspan: { default: 1 },
      rowspan: { default: 1 },
      colwidth: { default: null },
      align: { default: null },
    },
    tableRole,
    isolating: true,
    parseDOM: [{ tag, getAttrs: (element) => ({ align: parseAlign(element) }) }],
    toDOM: ({ attrs: { align } }) => [
      tag,
      { dir: 'auto', ...(align && { style: `text-align: ${align}` }) },
      0,
    ],
  };
}

function parseAlign(element: HTMLElement): string | null {
  const align = element.style.textAlign || element.getAttribute('align');
  return align === 'left' || align === 'center' || align === 'right' ? align : null;
}

function parseCodeLanguage(pre: HTMLElement): Attrs {
  const code = pre.querySelector('code') ?? pre;
  const named = code.getAttribute('data-language') ?? /language-(\S+)/.exec(code.className)?.[1];
  return { language: named ?? '' };
}

function parseLooseness(list: HTMLElement): Attrs {
  const loose = !list.hasAttribute('data-tight') && list.querySelector(':scope > li > p') !== null;
  return { loose };
}

/** Items always contain paragraphs in the editor, so tight lists need an attribute. */
function tightAttribute({ loose }: Attrs): Record<string, string> {
  return loose ? {} : { 'data-tight': '' };
}

function parseListStart(list: HTMLElement): number {
  const start = Number(list.getAttribute('start') ?? 1);
  return Number.isInteger(start) && start >= 0 && start < 1e9 ? start : 1;
}

function parseChecked(item: HTMLElement): boolean | null {
  const box = item.querySelector(
    ':scope > input[type=checkbox], :scope > p > input[type=checkbox]',
  );
  return box ? box.hasAttribute('checked') : null;
}

function parseImage(element: HTMLElement, srcName: string, altName: string): Attrs | false {
  const src = element.getAttribute(srcName) ?? '';
  return /^https?:/i.test(src) && { src, alt: element.getAttribute(altName) ?? '' };
}

function parseLink(link: HTMLElement): Attrs | false {
  const href = link.getAttribute('href') ?? '';
  return safeUrl(href) !== '' && { href };
}
