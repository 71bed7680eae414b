/**
 * HTML from the clipboard or from a drop, without anything that could act. ProseMirror parses what it
 * is given in a document that is under the page's policy, where a mere attribute (`onclick`) counts as
 * an attempt to run a script. So it is parsed here first, by a parser that makes no DOM.
 */
import {
  type DefaultTreeAdapterTypes as Html,
  html as names,
  parseFragment,
  serialize,
} from 'parse5';

/** Elements that act, load, or whose content is no HTML: they are left out with their content. */
const REMOVED_ELEMENTS = new Set([
  'annotation',
  'base',
  'embed',
  'frame',
  'frameset',
  'iframe',
  'link',
  'meta',
  'noembed',
  'noframes',
  'noscript',
  'object',
  'plaintext',
  'script',
  'svg',
  'template',
  'textarea',
  'title',
  'xmp',
]);

/** Nested deeper than this, only the text is kept. */
const MAX_DEPTH = 200;

/** @returns HTML with the same text, structure and styles */
export function sanitizePastedHtml(html: string): string {
  const root = parseFragment(html);
  // Not recursive: what is pasted may be nested as deep as it likes.
  const open: { parent: Html.ParentNode; depth: number }[] = [{ parent: root, depth: 0 }];
  for (let entry = open.pop(); entry; entry = open.pop()) {
    const { parent, depth } = entry;
    parent.childNodes = parent.childNodes.flatMap((node) => sanitizeNode(node, depth));
    for (const node of parent.childNodes) {
      if ('tagName' in node) open.push({ parent: node, depth: depth + 1 });
    }
  }
  return serialize(root);
}

function sanitizeNode(node: Html.ChildNode, depth: number): Html.ChildNode[] {
  if (node.nodeName === '#text') return [node];
  if (!('tagName' in node) || REMOVED_ELEMENTS.has(node.tagName)) return [];
  // Read once more, formulas and drawings may turn out to hold other elements.
  if (depth >= MAX_DEPTH || node.namespaceURI !== names.NS.HTML) return textContentOf(node);
  node.attrs = node.attrs.filter(({ name }) => !/^on/i.test(name));
  return [node];
}

function textContentOf(element: Html.Element): Html.ChildNode[] {
  let value = '';
  const open: Html.ChildNode[] = [element];
  for (let node = open.pop(); node; node = open.pop()) {
    if ('value' in node) value += node.value;
    if ('tagName' in node && !REMOVED_ELEMENTS.has(node.tagName))
      open.push(...node.childNodes.toReversed());
  }
  return value === '' ? [] : [{ nodeName: '#text', value, parentNode: null }];
}
