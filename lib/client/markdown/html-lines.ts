/** Lines: the text between block tags, as paragraphs that are marked as such. */
import { isBlockTagNode, parseTag, type RenderableNode } from '@/lib/client/markdown/html-tags';
import type { Node } from '@/lib/client/markdown/join-segments';

type Paragraph = Extract<Node, { type: 'paragraph' }>;

const LINE_DATA: object = { line: true };

export function createLine(children: readonly unknown[]): Paragraph {
  return { type: 'paragraph', children: [...children] as Paragraph['children'], data: LINE_DATA };
}

export function isLine(node: RenderableNode): node is Paragraph {
  return node.type === 'paragraph' && node.data === LINE_DATA;
}

export function hasBlockTag(node: RenderableNode): node is Paragraph {
  return (
    node.type === 'paragraph' && node.children.some((child) => isBlockTagNode(parseTag(child)))
  );
}

/** Splits a paragraph into its block tags and the lines between them. */
export function splitAtBlockTags(paragraph: Paragraph): Node[] {
  const parts: Node[] = [];
  let line: Paragraph | undefined;
  for (const child of paragraph.children) {
    if (isBlockTagNode(parseTag(child))) {
      parts.push(child);
      line = undefined;
    } else if (line) {
      line.children.push(child);
    } else {
      line = createLine([child]);
      parts.push(line);
    }
  }
  return parts;
}

/** Whether the next node starts a new line of the source. */
export function endsLine(node: Node | undefined): boolean {
  return node?.type === 'break' || (node?.type === 'text' && /\n[ \t]*$/.test(node.value));
}

export function isEmptyLine(node: RenderableNode): boolean {
  return (
    isLine(node) &&
    node.children.every((child) => child.type === 'text' && child.value.trim() === '')
  );
}
