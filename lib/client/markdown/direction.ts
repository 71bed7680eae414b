import type { RenderableNode } from '@/lib/client/markdown/html-tags';

const CODE_ELEMENT = /^(?:code|kbd|samp|pre)$/;
const LETTER = /\p{L}/u;
const RTL_LETTER =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Samaritan}\p{Script=Mandaic}\p{Script=Adlam}\p{Script=Hanifi_Rohingya}]/u;

/**
 * The direction of the first letter outside code; undefined where there is none. For what holds
 * paragraphs: `dir="auto"` passes over children that have a `dir` of their own.
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

/** The direction of the first letter; undefined where there is none. */
export function directionOfText(text: string): 'ltr' | 'rtl' | undefined {
  const letter = LETTER.exec(text)?.[0];
  if (!letter) return undefined;
  return RTL_LETTER.test(letter) ? 'rtl' : 'ltr';
}

/** Whether a link shows an address: that reads from left to right anywhere. */
export function showsUrl(nodes: readonly RenderableNode[]): boolean {
  const [first] = nodes;
  return first?.type === 'text' && /^(https?:|www\.|mailto:)/i.test(first.value);
}
