/** Converts a Markdown syntax tree to the editor's document. */
import type { Mark, Node } from 'prosemirror-model';
import type { MaskedText, TextRun } from '@/artifacts/text/editor/mask-math';
import { mdastToMarkdown } from '@/artifacts/text/editor/mdast-to-markdown';
import { schema } from '@/artifacts/text/editor/schema';
import type { MarkdownRoot } from '@/lib/client/markdown/parse';

export type MdastNode = MarkdownRoot['children'][number];
type MdastNodeOf<Type extends MdastNode['type']> = Extract<MdastNode, { type: Type }>;
type Marks = readonly Mark[];

/** Definitions of links and images by identifier. */
export type Definitions = ReadonlyMap<string, MdastNodeOf<'definition'>>;

const { nodes, marks } = schema;

/**
 * Returns a function that converts top-level blocks of a masked text to nodes. It returns undefined
 * for nodes without visible or editable content. Nested paragraphs are split at display formulas.
 */
export function createBlockConverter(masked: MaskedText, definitions: Definitions) {
  function convertBlock(node: MdastNode): Node | undefined {
    switch (node.type) {
      case 'paragraph':
        return (
          convertDisplayMath(node) ?? nodes.paragraph.create(null, convertInlines(node.children))
        );
      case 'heading':
        return nodes.heading.create({ level: node.depth }, convertInlines(node.children));
      case 'blockquote':
        return nodes.blockquote.create(null, convertBlocks(node.children));
      case 'code':
        return convertCode(node);
      case 'thematicBreak':
        return nodes.rule.create();
      case 'list':
        return convertList(node);
      case 'table':
        return convertTable(node);
      case 'html':
        return createRawBlock(masked.unmask(node.value));
      case 'definition':
      case 'footnoteDefinition':
        return createRawBlock(
          masked.unmask(mdastToMarkdown({ type: 'root', children: [node] }).trimEnd()),
        );
      default:
        return undefined;
    }
  }

  /** Returns at least one block, so that every container has a place for the cursor. */
  function convertBlocks(children: readonly MdastNode[]): Node[] {
    const converted = children.flatMap((child) =>
      child.type === 'paragraph' ? splitAtDisplayMath(child) : (convertBlock(child) ?? []),
    );
    return converted.length > 0 ? converted : [nodes.paragraph.create()];
  }

  function convertDisplayMath({
    children: [only, ...others],
  }: MdastNodeOf<'paragraph'>): Node | undefined {
    if (only?.type !== 'text' || others.length > 0) return undefined;
    const [run, ...otherRuns] = masked.split(only.value);
    return run?.isDisplay && otherRuns.length === 0 ? createRawBlock(run.text) : undefined;
  }

  /** Splits a paragraph at its display formulas, which become raw blocks. */
  function splitAtDisplayMath({ children }: MdastNodeOf<'paragraph'>): Node[] {
    const blocks: Node[] = [];
    let line: Node[] = [];
    const flush = () => {
      if (line.length > 0) blocks.push(nodes.paragraph.create(null, line));
      line = [];
    };
    for (const child of children) {
      if (child.type !== 'text') line.push(...convertInline(child, []));
      else {
        for (const run of masked.split(child.value)) {
          if (!run.isDisplay) line.push(...convertTextRun(run, []));
          else {
            flush();
            blocks.push(createRawBlock(run.text));
          }
        }
      }
    }
    flush();
    return blocks;
  }

  /** Line ends in the source become spaces. */
  function convertTextRun(run: TextRun, outerMarks: Marks): Node[] {
    const runMarks = run.isMath ? marks.raw.create().addToSet(outerMarks) : outerMarks;
    return createText(joinLines(run.text), runMarks);
  }

  function convertCode({ lang, meta, value }: MdastNodeOf<'code'>): Node {
    const attrs = { language: masked.unmask(lang ?? ''), meta: masked.unmask(meta ?? '') };
    return nodes.code_block.create(attrs, createText(masked.unmask(value), []));
  }

  function convertList({ ordered, start, spread, children }: MdastNodeOf<'list'>): Node {
    const items = children.map((item) => {
      const attrs = { checked: item.checked ?? null, loose: item.spread ?? false };
      return nodes.list_item.create(attrs, convertBlocks(item.children));
    });
    const loose = spread ?? false;
    return ordered
      ? nodes.ordered_list.create({ start: start ?? 1, loose }, items)
      : nodes.bullet_list.create({ loose }, items);
  }

  function convertTable({ align, children }: MdastNodeOf<'table'>): Node {
    const width = Math.max(align?.length ?? 0, ...children.map((row) => row.children.length));
    const rows = children.map((row, index) => {
      const type = index === 0 ? nodes.table_header : nodes.table_cell;
      const cells = Array.from({ length: width }, (_, column) =>
        type.create(
          { align: align?.[column] },
          convertInlines(row.children[column]?.children ?? []),
        ),
      );
      return nodes.table_row.create(null, cells);
    });
    return nodes.table.create(null, rows);
  }

  function convertInlines(children: readonly MdastNode[], outerMarks: Marks = []): Node[] {
    return children.flatMap((child) => convertInline(child, outerMarks));
  }

  function convertInline(node: MdastNode, outerMarks: Marks): Node[] {
    switch (node.type) {
      case 'text':
        return masked.split(node.value).flatMap((run) => convertTextRun(run, outerMarks));
      case 'strong':
        return convertInlines(node.children, marks.strong.create().addToSet(outerMarks));
      case 'emphasis':
        return convertInlines(node.children, marks.em.create().addToSet(outerMarks));
      case 'delete':
        return convertInlines(node.children, marks.strike.create().addToSet(outerMarks));
      case 'inlineCode':
        return createText(
          joinLines(masked.unmask(node.value)),
          marks.code.create().addToSet(outerMarks),
        );
      case 'break':
        return [nodes.hard_break.create(null, null, outerMarks)];
      case 'html':
        return createText(masked.unmask(node.value), marks.raw.create().addToSet(outerMarks));
      case 'footnoteReference':
        return createText(
          `[^${node.label ?? node.identifier}]`,
          marks.raw.create().addToSet(outerMarks),
        );
      case 'link':
      case 'linkReference':
        return convertInlines(
          node.children,
          marks.link.create(resolveTarget(node)).addToSet(outerMarks),
        );
      case 'image':
      case 'imageReference': {
        const { href: src, ...rest } = resolveTarget(node);
        const alt = masked.unmask(node.alt ?? '');
        return [nodes.image.create({ src, alt, ...rest }, null, outerMarks)];
      }
      default:
        return [];
    }
  }

  type Targeted = MdastNodeOf<'link' | 'linkReference' | 'image' | 'imageReference'>;

  function resolveTarget(node: Targeted): {
    href: string;
    title: string | null;
    reference: string | null;
  } {
    const target = 'url' in node ? node : definitions.get(node.identifier);
    return {
      href: masked.unmask(target?.url ?? ''),
      title: target?.title ? masked.unmask(target.title) : null,
      reference: 'url' in node ? null : `${node.referenceType} ${node.label ?? node.identifier}`,
    };
  }

  return convertBlock;
}

function joinLines(value: string): string {
  return value.replace(/\s*(?:\r?\n|\r)\s*/g, ' ');
}

export function createRawBlock(value: string): Node {
  return nodes.raw_block.create(null, createText(value, []));
}

function createText(value: string, textMarks: Marks): Node[] {
  return value === '' ? [] : [schema.text(value, textMarks)];
}
