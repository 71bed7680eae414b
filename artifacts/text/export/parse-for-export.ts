/**
 * Parses Markdown for exports, with all that the page's renderer decides: which tags are elements
 * and which are text, which references are links, and which definitions are displayed.
 */
import { directionOfNodes } from '@/lib/client/markdown/direction';
import { buildBlockElements, buildInlineElements } from '@/lib/client/markdown/html-elements';
import type { RenderableNode } from '@/lib/client/markdown/html-tags';
import { mathSyntax } from '@/lib/client/markdown/math-syntax';
import type { MarkdownRoot } from '@/lib/client/markdown/parse';
import {
  citationLabels,
  isDefinitionVisible,
  parseWholeText,
  type References,
  referenceSuffix,
} from '@/lib/client/markdown/references';

type MarkdownNode = MarkdownRoot['children'][number];
type NodeOf<Type extends MarkdownNode['type']> = Extract<MarkdownNode, { type: Type }>;

/** An HTML element. `data` tells mdast-util-to-hast what to write. */
export type ExportElement = {
  type: 'element';
  name: string;
  children: ExportNode[];
  data: { hName: string; hProperties: Record<string, string | number | boolean> };
};
/** No node is HTML, a definition or a reference other than to a footnote. */
export type ExportNode = MarkdownNode | ExportElement;

/** Parses Markdown with math into a syntax tree without HTML: other tags are text. */
export function parseForExport(text: string): ExportNode[] {
  const { nodes, references } = parseWholeText(text, mathSyntax);
  return new Resolver(references).blocks(nodes);
}

class Resolver {
  constructor(private readonly references: References) {}

  blocks(nodes: readonly MarkdownNode[]): ExportNode[] {
    return this.nodes(buildBlockElements(nodes, false));
  }

  private inlines(nodes: readonly unknown[]): ExportNode[] {
    return this.nodes(buildInlineElements(nodes as MarkdownNode[], false));
  }

  private nodes(nodes: readonly RenderableNode[]): ExportNode[] {
    return nodes.flatMap((node) => this.node(node));
  }

  private node(node: RenderableNode): ExportNode[] {
    switch (node.type) {
      case 'html':
        return [{ type: 'text', value: node.value }];
      case 'element':
        return this.element(node);
      case 'paragraph':
      case 'heading':
      case 'emphasis':
      case 'strong':
      case 'delete':
      case 'link':
      case 'tableCell':
        return [withDirection(node, this.inlines(node.children))];
      case 'blockquote':
      case 'listItem':
        return [withDirection(node, this.blocks(node.children))];
      case 'list':
      case 'tableRow':
        return [{ ...node, children: this.nodes(node.children) } as ExportNode];
      case 'table': {
        // A row with more cells than the head keeps them.
        const columns = Math.max(0, ...node.children.map((row) => row.children.length));
        const align = Array.from({ length: columns }, (_, column) => node.align?.[column] ?? null);
        return [withDirection({ ...node, align }, this.nodes(node.children))];
      }
      case 'linkReference':
      case 'imageReference':
        return this.reference(node);
      case 'definition':
        return isDefinitionVisible(node, false, this.references) ? [definitionText(node)] : [];
      case 'footnoteReference':
        return this.references.footnotes.has(node.identifier)
          ? [node]
          : [{ type: 'text', value: `[^${node.label ?? node.identifier}]` }];
      case 'footnoteDefinition': {
        const children = this.blocks(node.children);
        return this.references.footnotes.has(node.identifier)
          ? [{ ...node, children } as ExportNode]
          : [paragraph(`[^${node.label ?? node.identifier}]:`), ...children];
      }
      default:
        return [node];
    }
  }

  private element({ name, props, children }: Extract<RenderableNode, { type: 'element' }>) {
    const resolved = this.nodes(children);
    const url = String(props.href ?? props.src ?? '');
    if (name === 'br') return [{ type: 'break' } as const];
    if (name === 'hr') return [{ type: 'thematicBreak' } as const];
    if (name === 'wbr') return [];
    if (name === 'img') return [{ type: 'image', url, alt: String(props.alt ?? '') } as const];
    if (name === 'a') return [{ type: 'link', url, children: resolved } as ExportNode];
    const isRtl = directionOfNodes(children) === 'rtl';
    const hProperties = isRtl ? { dir: 'rtl', ...props } : props;
    const data = { hName: name, hProperties };
    return [{ type: 'element', name, children: resolved, data } as const];
  }

  private reference(node: NodeOf<'linkReference'> | NodeOf<'imageReference'>): ExportNode[] {
    const { linkDefinitions } = this.references;
    const definition = linkDefinitions.get(node.identifier);
    if (node.type === 'imageReference') {
      if (definition) return [{ type: 'image', url: definition.url, alt: node.alt ?? '' }];
      return [{ type: 'text', value: `![${node.alt ?? ''}]${referenceSuffix(node)}` }];
    }
    const labels = definition ? citationLabels(node) : [];
    if (labels.length > 0) {
      return labels.map((label): ExportNode => {
        const text = { type: 'text' as const, value: `[${label}]` };
        const source = linkDefinitions.get(label);
        return source ? { type: 'link', url: source.url, children: [text] } : text;
      });
    }
    const children = this.inlines(node.children);
    if (definition) return [{ type: 'link', url: definition.url, children } as ExportNode];
    return [
      { type: 'text', value: '[' },
      ...children,
      { type: 'text', value: `]${referenceSuffix(node)}` },
    ];
  }
}

function withDirection(node: MarkdownNode, children: ExportNode[]): ExportNode {
  const isRtl = directionOfNodes([node]) === 'rtl';
  return {
    ...node,
    ...(isRtl && { data: { hProperties: { dir: 'rtl' } } }),
    children,
  } as ExportNode;
}

/** Whether `parseForExport` found that the text of this node reads from right to left. */
export function isRightToLeft({ data }: ExportNode): boolean {
  return (data as { hProperties?: { dir?: unknown } } | undefined)?.hProperties?.dir === 'rtl';
}

function paragraph(value: string): ExportNode {
  return { type: 'paragraph', children: [{ type: 'text', value }] };
}

function definitionText({ label, identifier, url, title }: NodeOf<'definition'>): ExportNode {
  return {
    type: 'paragraph',
    children: [
      { type: 'text', value: `[${label ?? identifier}]: ` },
      { type: 'link', url, children: [{ type: 'text', value: url }] },
      { type: 'text', value: title ? ` "${title}"` : '' },
    ],
  };
}
