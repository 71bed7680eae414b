import type { RenderableNode } from '@/lib/client/markdown/html-tags';

const CODE_ELEMENT = /^(?:code|kbd|samp|pre)$/;
const LETTER = /\p{L}/u;
const RTL_LETTER =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Samaritan}\p{Script=Mandaic}\p{Script=Adlam}\p{Script=Hanifi_Rohingya}]/u;

/**
 * Returns the direction of the first letter outside code; undefined if there is none. For elements
 * that contain paragraphs: `dir="auto"` ignores children that have a `dir` attribute.
 */
export function directionOfNodes(nodes: readonly RenderableNode[]): 'ltr' | 'rtl' | undefined {
  for (const node of nodes) {
    if (node.type === 'element' && CODE_ELEMENT.test(node.name)) continue;
    const found =
      'children' in node
        ? directionOfNodes(node.children as RenderableNode[])
        : node.type === 'text'
          ? directionOfText(node.value)
          : undefined;
    if (found) return found;
  }
  return undefined;
}

/** Returns the direction of the first letter; undefined if there is none. */
export function directionOfText(text: string): 'ltr' | 'rtl' | undefined {
  const letter = LETTER.exec(text)?.[0];
  if (!letter) return undefined;
  return RTL_LETTER.test(letter) ? 'rtl' : 'ltr';
}

/** Whether a link's text is a URL, which reads left to right in any context. */
export function showsUrl(nodes: readonly RenderableNode[]): boolean {
  const [first] = nodes;
  return first?.type === 'text' && /^(https?:|www\.|mailto:)/i.test(first.value);
}
