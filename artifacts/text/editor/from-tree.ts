/** A text for the editor, from Markdown's syntax tree. */
import type { Mark, Node } from 'prosemirror-model';
import { schema } from '@/artifacts/text/editor/schema';
import type { Covered, Piece } from '@/artifacts/text/editor/verbatim';
import { writeTree } from '@/artifacts/text/editor/write-tree';
import type { MarkdownRoot } from '@/lib/client/markdown/parse';

export type TreeNode = MarkdownRoot['children'][number];
type TreeNodeOf<Type extends TreeNode['type']> = Extract<TreeNode, { type: Type }>;
type Marks = readonly Mark[];

/** What links and pictures may refer to, by identifier. */
export type Definitions = ReadonlyMap<string, TreeNodeOf<'definition'>>;

const { nodes, marks } = schema;

/**
 * Turns blocks of one covered text into nodes: none for what is nothing to see or to edit, several
 * for a paragraph of a list with formulas on lines of their own.
 */
export function createReader(covered: Covered, definitions: Definitions) {
  function block(node: TreeNode): Node | undefined {
    switch (node.type) {
      case 'paragraph':
        return displayed(node) ?? nodes.paragraph.create(null, inlines(node.children));
      case 'heading':
        return nodes.heading.create({ level: node.depth }, inlines(node.children));
      case 'blockquote':
        return nodes.blockquote.create(null, blocks(node.children));
      case 'code':
        return code(node);
      case 'thematicBreak':
        return nodes.rule.create();
      case 'list':
        return list(node);
      case 'table':
        return table(node);
      case 'html':
        return raw(covered.uncover(node.value));
      case 'definition':
      case 'footnoteDefinition':
        return raw(covered.uncover(writeTree({ type: 'root', children: [node] }).trimEnd()));
      default:
        return undefined;
    }
  }

  /** At least one: whatever holds blocks holds a place to write. */
  function blocks(children: readonly TreeNode[]): Node[] {
    const some = children.flatMap((child) =>
      child.type === 'paragraph' ? aroundFormulas(child) : (block(child) ?? []),
    );
    return some.length > 0 ? some : [nodes.paragraph.create()];
  }

  function displayed({ children: [only, ...others] }: TreeNodeOf<'paragraph'>): Node | undefined {
    if (only?.type !== 'text' || others.length > 0) return undefined;
    const [piece, ...more] = covered.pieces(only.value);
    return piece?.alone && more.length === 0 ? raw(piece.text) : undefined;
  }

  /** A paragraph as several, with the formulas between them that have lines of their own. */
  function aroundFormulas({ children }: TreeNodeOf<'paragraph'>): Node[] {
    const found: Node[] = [];
    let line: Node[] = [];
    const end = () => {
      if (line.length > 0) found.push(nodes.paragraph.create(null, line));
      line = [];
    };
    for (const child of children) {
      if (child.type !== 'text') line.push(...inline(child, []));
      else {
        for (const piece of covered.pieces(child.value)) {
          if (!piece.alone) line.push(...written(piece, []));
          else {
            end();
            found.push(raw(piece.text));
          }
        }
      }
    }
    end();
    return found;
  }

  /** The end of a line of the source is a blank. */
  function written(piece: Piece, around: Marks): Node[] {
    const own = piece.maths ? marks.raw.create().addToSet(around) : around;
    return text(onOneLine(piece.text), own);
  }

  function code({ lang, meta, value }: TreeNodeOf<'code'>): Node {
    const attrs = { language: covered.uncover(lang ?? ''), meta: covered.uncover(meta ?? '') };
    return nodes.code_block.create(attrs, text(covered.uncover(value), []));
  }

  function list({ ordered, start, spread, children }: TreeNodeOf<'list'>): Node {
    const items = children.map((item) => {
      const attrs = { checked: item.checked ?? null, loose: item.spread ?? false };
      return nodes.list_item.create(attrs, blocks(item.children));
    });
    const loose = spread ?? false;
    return ordered
      ? nodes.ordered_list.create({ start: start ?? 1, loose }, items)
      : nodes.bullet_list.create({ loose }, items);
  }

  function table({ align, children }: TreeNodeOf<'table'>): Node {
    const width = Math.max(align?.length ?? 0, ...children.map((row) => row.children.length));
    const rows = children.map((row, index) => {
      const type = index === 0 ? nodes.table_header : nodes.table_cell;
      const cells = Array.from({ length: width }, (_, column) =>
        type.create({ align: align?.[column] }, inlines(row.children[column]?.children ?? [])),
      );
      return nodes.table_row.create(null, cells);
    });
    return nodes.table.create(null, rows);
  }

  function inlines(children: readonly TreeNode[], around: Marks = []): Node[] {
    return children.flatMap((child) => inline(child, around));
  }

  function inline(node: TreeNode, around: Marks): Node[] {
    switch (node.type) {
      case 'text':
        return covered.pieces(node.value).flatMap((piece) => written(piece, around));
      case 'strong':
        return inlines(node.children, marks.strong.create().addToSet(around));
      case 'emphasis':
        return inlines(node.children, marks.em.create().addToSet(around));
      case 'delete':
        return inlines(node.children, marks.strike.create().addToSet(around));
      case 'inlineCode':
        return text(onOneLine(covered.uncover(node.value)), marks.code.create().addToSet(around));
      case 'break':
        return [nodes.hard_break.create(null, null, around)];
      case 'html':
        return text(covered.uncover(node.value), marks.raw.create().addToSet(around));
      case 'footnoteReference':
        return text(`[^${node.label ?? node.identifier}]`, marks.raw.create().addToSet(around));
      case 'link':
      case 'linkReference':
        return inlines(node.children, marks.link.create(target(node)).addToSet(around));
      case 'image':
      case 'imageReference': {
        const { href: src, ...rest } = target(node);
        const alt = covered.uncover(node.alt ?? '');
        return [nodes.image.create({ src, alt, ...rest }, null, around)];
      }
      default:
        return [];
    }
  }

  type Targeted = TreeNodeOf<'link' | 'linkReference' | 'image' | 'imageReference'>;

  function target(node: Targeted): {
    href: string;
    title: string | null;
    reference: string | null;
  } {
    const direct = 'url' in node ? node : definitions.get(node.identifier);
    return {
      href: covered.uncover(direct?.url ?? ''),
      title: direct?.title ? covered.uncover(direct.title) : null,
      reference: 'url' in node ? null : `${node.referenceType} ${node.label ?? node.identifier}`,
    };
  }

  return block;
}

function onOneLine(value: string): string {
  return value.replace(/\s*(?:\r?\n|\r)\s*/g, ' ');
}

function raw(value: string): Node {
  return nodes.raw_block.create(null, text(value, []));
}

function text(value: string, own: Marks): Node[] {
  return value === '' ? [] : [schema.text(value, own)];
}
