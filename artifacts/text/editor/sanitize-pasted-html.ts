/**
 * Removes active content from pasted or dropped HTML. ProseMirror parses HTML in a document under
 * the page's content security policy, where even an attribute (`onclick`) is reported as a
 * violation. So parse5 parses it first, without a DOM.
 */
import {
  type DefaultTreeAdapterTypes as Html,
  html as names,
  parseFragment,
  serialize,
} from 'parse5';

/** Elements that are active, load, or have no HTML content: removed with their content. */
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

/** Deeper elements are replaced by their text. */
const MAX_DEPTH = 200;

/** Returns HTML with the same text, structure and styles. */
export function sanitizePastedHtml(html: string): string {
  const root = parseFragment(html);
  // Not recursive: pasted HTML may be nested arbitrarily deep.
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
  // MathML and SVG may contain other elements when they are parsed again (mutation XSS).
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
