/** Converts Markdown to a Word document, with Word's own styles for headings and lists. */
import {
  AlignmentType,
  BorderStyle,
  Document,
  ExternalHyperlink,
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
import { parseForExport } from '@/artifacts/text/export/parse-for-export';
import type { MarkdownRoot } from '@/lib/client/markdown/parse';

type Node = MarkdownRoot['children'][number] | MarkdownChild;
type MarkdownChild = Extract<
  MarkdownRoot['children'][number],
  { children: unknown }
>['children'][number];
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

export async function markdownToDocx(text: string, title: string): Promise<Blob> {
  const { children: nodes } = parseForExport(text);
  const children = new DocxWriter(collectDefinitions(nodes)).blocks(nodes, { quoteDepth: 0 });
  const document = new Document({
    title,
    numbering: {
      config: [numbering('bullets', LevelFormat.BULLET), numbering('numbers', LevelFormat.DECIMAL)],
    },
    sections: [{ children }],
  });
  return await Packer.toBlob(document);
}

function numbering(reference: string, format: (typeof LevelFormat)[keyof typeof LevelFormat]) {
  const levels = Array.from({ length: MAX_LIST_LEVELS }, (_, level) => ({
    level,
    format,
    text: format === LevelFormat.BULLET ? '•' : `%${level + 1}.`,
    alignment: AlignmentType.LEFT,
    style: { paragraph: { indent: { left: INDENT * (level + 1), hanging: INDENT / 2 } } },
  }));
  return { reference, levels };
}

/** Collects the URLs of link definitions by identifier; of duplicates the first one counts. */
function collectDefinitions(nodes: readonly Node[], found = new Map<string, string>()) {
  for (const node of nodes) {
    if (node.type === 'definition' && !found.has(node.identifier)) {
      found.set(node.identifier, node.url);
    }
    if ('children' in node) collectDefinitions(node.children as Node[], found);
  }
  return found;
}

class DocxWriter {
  constructor(private readonly definitions: ReadonlyMap<string, string>) {}

  /** Each list is a separate numbering instance. */
  private listCount = 0;

  blocks(nodes: readonly Node[], context: BlockContext): Blocks {
    return nodes.flatMap((node) => this.block(node, context));
  }

  private block(node: Node, context: BlockContext): Blocks {
    switch (node.type) {
      case 'heading':
        return [
          new Paragraph({ heading: HEADINGS[node.depth - 1], children: this.runs(node.children) }),
        ];
      case 'paragraph':
        return [this.paragraph(this.runs(node.children), context)];
      case 'blockquote':
        return this.blocks(node.children, { ...context, quoteDepth: context.quoteDepth + 1 });
      case 'list': {
        this.listCount += 1;
        const reference = node.ordered ? 'numbers' : 'bullets';
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
      case 'footnoteDefinition':
        return this.blocks(node.children, context);
      default:
        return [];
    }
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
        children: checkbox ? [new TextRun(checkbox), ...runs] : runs,
      }),
      ...this.blocks(after, context),
    ];
  }

  private paragraph(children: ParagraphChild[], { quoteDepth, list }: BlockContext): Paragraph {
    const left = INDENT * (quoteDepth + (list ? list.level + 1 : 0));
    return new Paragraph({
      children,
      spacing: { after: 120 },
      indent: left ? { left } : undefined,
    });
  }

  private table(rows: readonly { children: readonly { children: readonly Node[] }[] }[]): Table {
    return new Table({
      width: { size: 100, type: WidthType.PERCENTAGE },
      rows: rows.map(
        (row, index) =>
          new TableRow({
            tableHeader: index === 0,
            children: row.children.map(
              (cell) =>
                new TableCell({
                  children: [
                    new Paragraph({ children: this.runs(cell.children, { bold: index === 0 }) }),
                  ],
                }),
            ),
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
        return [new TextRun({ ...style, text: node.value.replace(/\n/g, ' ') })];
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
      case 'linkReference':
        return this.link(this.urlOf(node), style, (runStyle) => this.runs(node.children, runStyle));
      case 'image':
        return this.imageLink(node.url, node.alt, style);
      case 'imageReference':
        return this.imageLink(this.urlOf(node), node.alt, style);
      default:
        return 'children' in node ? this.runs(node.children as Node[], style) : [];
    }
  }

  private urlOf({ identifier }: { identifier: string }): string {
    return this.definitions.get(identifier) ?? '';
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
