/** Converts Markdown to a Word document, with Word's own styles for headings and lists. */
import {
  AlignmentType,
  BorderStyle,
  Document,
  ExternalHyperlink,
  FootnoteReferenceRun,
  HeadingLevel,
  type IRunOptions,
  LevelFormat,
  Packer,
  Paragraph,
  type ParagraphChild,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
} from 'docx';
import { absoluteSafeUrl } from '@/artifacts/text/export/absolute-safe-url';
import {
  type ExportElement,
  type ExportNode,
  isRightToLeft,
  parseForExport,
} from '@/artifacts/text/export/parse-for-export';
import { directionOfText } from '@/lib/client/markdown/direction';
import { isBlockTag } from '@/lib/client/markdown/html-tags';

type Node = ExportNode;
type NodeOf<Type extends Node['type']> = Extract<Node, { type: Type }>;
type Blocks = (Paragraph | Table)[];
/** The surroundings of a block: the depth of quotations, and its list. */
type BlockContext = {
  quoteDepth: number;
  list?: { reference: string; level: number; instance: number };
};

const HEADINGS = [
  HeadingLevel.HEADING_1,
  HeadingLevel.HEADING_2,
  HeadingLevel.HEADING_3,
  HeadingLevel.HEADING_4,
  HeadingLevel.HEADING_5,
  HeadingLevel.HEADING_6,
];
const MONOSPACE = 'Courier New';
/** Twentieths of a point. */
const INDENT = 480;
const MAX_LIST_LEVELS = 9;

/** Styles of inline HTML elements. */
const INLINE_STYLES: Record<string, IRunOptions> = {
  b: { bold: true },
  strong: { bold: true },
  i: { italics: true },
  em: { italics: true },
  cite: { italics: true },
  dfn: { italics: true },
  var: { italics: true },
  del: { strike: true },
  s: { strike: true },
  u: { underline: {} },
  ins: { underline: {} },
  sub: { subScript: true },
  sup: { superScript: true },
  code: { font: MONOSPACE },
  kbd: { font: MONOSPACE },
  samp: { font: MONOSPACE },
  mark: { highlight: 'yellow' },
};

export async function markdownToDocx(text: string, title: string): Promise<Blob> {
  const nodes = parseForExport(text);
  const writer = new DocxWriter(collectFootnotes(nodes));
  const children = writer.blocks(nodes, { quoteDepth: 0 });
  const document = new Document({
    title,
    numbering: {
      config: [
        numbering('bullets', LevelFormat.BULLET),
        ...[...writer.listStarts].map((start) =>
          numbering(`numbers-${start}`, LevelFormat.DECIMAL, start),
        ),
      ],
    },
    footnotes: writer.footnotes(),
    sections: [{ children }],
  });
  return await Packer.toBlob(document);
}

function numbering(
  reference: string,
  format: (typeof LevelFormat)[keyof typeof LevelFormat],
  start = 1,
) {
  const levels = Array.from({ length: MAX_LIST_LEVELS }, (_, level) => ({
    level,
    format,
    start,
    text: format === LevelFormat.BULLET ? '•' : `%${level + 1}.`,
    alignment: AlignmentType.LEFT,
    style: { paragraph: { indent: { left: INDENT * (level + 1), hanging: INDENT / 2 } } },
  }));
  return { reference, levels };
}

type Footnotes = ReadonlyMap<string, { id: number; children: readonly Node[] }>;

/** Collects the footnotes by identifier, with Word's ids, which start at 1. */
function collectFootnotes(
  nodes: readonly Node[],
  found = new Map<string, { id: number; children: readonly Node[] }>(),
): Footnotes {
  for (const node of nodes) {
    if (node.type === 'footnoteDefinition' && !found.has(node.identifier)) {
      found.set(node.identifier, { id: found.size + 1, children: node.children });
    }
    if ('children' in node) collectFootnotes(node.children as Node[], found);
  }
  return found;
}

class DocxWriter {
  constructor(private readonly notes: Footnotes) {}

  /** Each list is a separate numbering instance. */
  private listCount = 0;
  /** First numbers of the ordered lists written so far. */
  readonly listStarts = new Set<number>();

  /** The footnotes by id. Word allows only paragraphs in them. */
  footnotes(): Record<string, { children: Paragraph[] }> {
    return Object.fromEntries(
      [...this.notes.values()].map(({ id, children }) => [
        id,
        {
          children: this.blocks(children, { quoteDepth: 0 }).filter(
            (block) => block instanceof Paragraph,
          ),
        },
      ]),
    );
  }

  blocks(nodes: readonly Node[], context: BlockContext): Blocks {
    return nodes.flatMap((node) => this.block(node, context));
  }

  private block(node: Node, context: BlockContext): Blocks {
    switch (node.type) {
      case 'heading':
        return [
          new Paragraph({
            heading: HEADINGS[node.depth - 1],
            bidirectional: isRightToLeft(node),
            children: this.runs(node.children),
          }),
        ];
      case 'paragraph':
        return [this.paragraph(this.runs(node.children), context, isRightToLeft(node))];
      case 'blockquote':
        return this.blocks(node.children, { ...context, quoteDepth: context.quoteDepth + 1 });
      case 'list': {
        this.listCount += 1;
        const start = node.start ?? 1;
        if (node.ordered) this.listStarts.add(start);
        const reference = node.ordered ? `numbers-${start}` : 'bullets';
        const level = Math.min(MAX_LIST_LEVELS - 1, context.list ? context.list.level + 1 : 0);
        const list = { reference, level, instance: this.listCount };
        return node.children.flatMap((item) => this.item(item, { ...context, list }));
      }
      case 'code':
      case 'math': {
        const lines = node.value
          .split('\n')
          .map(
            (line, index) =>
              new TextRun({ text: line, font: MONOSPACE, break: index === 0 ? 0 : 1 }),
          );
        return [this.paragraph(lines, context)];
      }
      case 'table':
        return [this.table(node.children)];
      case 'thematicBreak':
        return [
          new Paragraph({ border: { bottom: { style: BorderStyle.SINGLE, size: 6, space: 1 } } }),
        ];
      case 'element':
        return this.element(node, context);
      default:
        return [];
    }
  }

  private element({ name, children }: ExportElement, context: BlockContext): Blocks {
    if (name === 'table') return [this.table(rowsOf(children))];
    if (name === 'ul' || name === 'ol') {
      const items = children.map((item) => listItem('children' in item ? item.children : [item]));
      return this.block({ type: 'list', ordered: name === 'ol', children: items } as Node, context);
    }
    const depth = /^h([1-6])$/.exec(name)?.[1];
    if (depth)
      return this.block({ type: 'heading', depth: Number(depth), children } as Node, context);
    const quoteDepth = context.quoteDepth + (name === 'blockquote' ? 1 : 0);
    return this.blocks(withParagraphs(children), { ...context, quoteDepth });
  }

  /** Only the first paragraph of an item gets the bullet or number. */
  private item(
    item: { checked?: boolean | null; children: readonly Node[] },
    context: BlockContext,
  ): Blocks {
    const [first, ...rest] = item.children;
    const checkbox = typeof item.checked === 'boolean' ? (item.checked ? '☑ ' : '☐ ') : '';
    const runs = first?.type === 'paragraph' ? this.runs(first.children) : [];
    const after = first && first.type !== 'paragraph' ? item.children : rest;
    return [
      new Paragraph({
        numbering: context.list,
        bidirectional: first && isRightToLeft(first),
        children: checkbox ? [new TextRun(checkbox), ...runs] : runs,
      }),
      ...this.blocks(after, context),
    ];
  }

  private paragraph(
    children: ParagraphChild[],
    { quoteDepth, list }: BlockContext,
    bidirectional = false,
  ): Paragraph {
    const left = INDENT * (quoteDepth + (list ? list.level + 1 : 0));
    return new Paragraph({
      children,
      bidirectional,
      spacing: { after: 120 },
      indent: left ? { left } : undefined,
    });
  }

  private table(rows: readonly Row[]): Table {
    const columns = Math.max(1, ...rows.map(({ children }) => children.length));
    return new Table({
      width: { size: 100, type: WidthType.PERCENTAGE },
      rows: rows.map(
        (row, index) =>
          new TableRow({
            tableHeader: index === 0,
            children: Array.from({ length: columns }, (_, column) => {
              const cell = row.children[column];
              const children = this.runs(cell?.children ?? [], { bold: index === 0 });
              const bidirectional = cell && isRightToLeft(cell);
              return new TableCell({ children: [new Paragraph({ children, bidirectional })] });
            }),
          }),
      ),
    });
  }

  private runs(nodes: readonly Node[], style: IRunOptions = {}): ParagraphChild[] {
    return nodes.flatMap((node) => this.run(node, style));
  }

  private run(node: Node, style: IRunOptions): ParagraphChild[] {
    switch (node.type) {
      case 'text':
        return [
          new TextRun({
            ...style,
            text: node.value.replace(/\n/g, ' '),
            rightToLeft: directionOfText(node.value) === 'rtl',
          }),
        ];
      case 'strong':
        return this.runs(node.children, { ...style, bold: true });
      case 'emphasis':
        return this.runs(node.children, { ...style, italics: true });
      case 'delete':
        return this.runs(node.children, { ...style, strike: true });
      case 'inlineCode':
      case 'inlineMath':
        return [new TextRun({ ...style, text: node.value, font: MONOSPACE })];
      case 'break':
        return [new TextRun({ ...style, break: 1 })];
      case 'link':
        return this.link(node.url, style, (runStyle) => this.runs(node.children, runStyle));
      case 'image':
        return this.imageLink(node.url, node.alt, style);
      case 'footnoteReference': {
        const note = this.notes.get(node.identifier);
        return note ? [new FootnoteReferenceRun(note.id)] : [];
      }
      case 'element':
        return this.runs(node.children, { ...style, ...INLINE_STYLES[node.name] });
      default:
        return 'children' in node ? this.runs(node.children as Node[], style) : [];
    }
  }

  /** A link instead of the image: loading a remote image would reveal each reader to its host. */
  private imageLink(url: string, alt: string | null | undefined, style: IRunOptions) {
    return this.link(url, style, (runStyle) => [new TextRun({ ...runStyle, text: alt || url })]);
  }

  private link(
    url: string,
    style: IRunOptions,
    children: (runStyle: IRunOptions) => ParagraphChild[],
  ) {
    const link = absoluteSafeUrl(url);
    if (!link) return children(style);
    return [new ExternalHyperlink({ link, children: children({ ...style, style: 'Hyperlink' }) })];
  }
}

type Row = { children: readonly (Node & { children: readonly Node[] })[] };

/** Returns the rows of a table element, also of those within its head, body and foot. */
function rowsOf(nodes: readonly Node[]): Row[] {
  return nodes.flatMap((node): Row[] => {
    if (node.type !== 'element') return [];
    if (node.name !== 'tr') return rowsOf(node.children);
    return [{ children: node.children.filter((cell) => 'children' in cell) as Row['children'] }];
  });
}

function listItem(children: readonly Node[]): NodeOf<'list'>['children'][number] {
  return { type: 'listItem', children: withParagraphs(children) } as NodeOf<'listItem'>;
}

const BLOCK_TYPES = new Set(
  'paragraph heading blockquote list code math table thematicBreak'.split(' '),
);

/** Wraps the inline nodes of an HTML element in paragraphs. */
function withParagraphs(nodes: readonly Node[]): Node[] {
  const blocks: Node[] = [];
  let line: Node[] | undefined;
  for (const node of nodes) {
    if (BLOCK_TYPES.has(node.type) || (node.type === 'element' && isBlockTag(node.name))) {
      line = undefined;
      blocks.push(node);
    } else if (line) {
      line.push(node);
    } else {
      line = [node];
      blocks.push({ type: 'paragraph', children: line } as Node);
    }
  }
  return blocks;
}
