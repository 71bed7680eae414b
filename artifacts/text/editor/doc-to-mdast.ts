/** Converts the editor's document to a Markdown syntax tree. */
import type { Mark, Node } from 'prosemirror-model';
import type { MdastNode } from '@/artifacts/text/editor/mdast-to-doc';
import { schema } from '@/artifacts/text/editor/schema';
import type { MarkdownRoot } from '@/lib/client/markdown/parse';

type MdastNodeOf<Type extends MdastNode['type']> = Extract<MdastNode, { type: Type }>;
type PhrasingNode = MdastNodeOf<'paragraph'>['children'][number];
type BlockNode = MdastNodeOf<'blockquote'>['children'][number];
type ReferenceType = MdastNodeOf<'linkReference'>['referenceType'];

const { nodes, marks } = schema;

/** Converts blocks to a tree without empty paragraphs, which Markdown cannot express. */
export function docToMdast(blocks: readonly Node[]): MarkdownRoot {
  return { type: 'root', children: convertBlocks(blocks) };
}

function convertBlocks(blocks: readonly Node[]): BlockNode[] {
  return blocks.map(convertBlock).filter((block) => block !== undefined);
}

function convertBlock(node: Node): BlockNode | undefined {
  const { attrs, type } = node;
  switch (type) {
    case nodes.paragraph: {
      const children = convertInlines(node);
      return children.length > 0 ? { type: 'paragraph', children } : undefined;
    }
    case nodes.heading:
      return { type: 'heading', depth: attrs.level, children: convertInlines(node) };
    case nodes.blockquote:
      return { type: 'blockquote', children: convertBlocks(node.children) };
    case nodes.code_block:
      return {
        type: 'code',
        lang: attrs.language || null,
        meta: attrs.meta || null,
        value: node.textContent,
      };
    case nodes.raw_block: {
      const value = node.textContent;
      return value.trim() === '' ? undefined : { type: 'html', value };
    }
    case nodes.rule:
      return { type: 'thematicBreak' };
    case nodes.bullet_list:
    case nodes.ordered_list:
      return {
        type: 'list',
        ordered: type === nodes.ordered_list,
        start: attrs.start,
        spread: attrs.loose,
        children: node.children.map((item) => ({
          type: 'listItem',
          checked: item.attrs.checked,
          spread: item.attrs.loose,
          children: convertListItem(item),
        })),
      };
    case nodes.table:
      return convertTable(node);
    default:
      throw new Error(`No Markdown for ${type.name}`);
  }
}

/** Markdown puts the checkbox of a task into its first paragraph, so there must be one. */
function convertListItem(item: Node): BlockNode[] {
  const children = convertBlocks(item.children);
  if (item.attrs.checked === null || children[0]?.type === 'paragraph') return children;
  return [{ type: 'paragraph', children: [] }, ...children];
}

function convertTable(table: Node): MdastNodeOf<'table'> {
  return {
    type: 'table',
    align: table.firstChild?.children.map((cell) => cell.attrs.align) ?? [],
    children: table.children.map((row) => ({
      type: 'tableRow',
      children: row.children.map((cell) => ({ type: 'tableCell', children: convertInlines(cell) })),
    })),
  };
}

/** A run of inline content. Whitespace at the edges of emphasis moves outside of it. */
type InlineRun = { node: Node; text: string; marks: readonly Mark[] };

/** Converts the content of a text block, without whitespace and line breaks at its edges. */
function convertInlines(block: Node): PhrasingNode[] {
  const runs = block.children.map((node) => ({ node, text: node.text ?? '', marks: node.marks }));
  return nestMarks(splitOuterWhitespace(runs).core);
}

/** Splits off whitespace and line breaks at both edges of runs. */
function splitOuterWhitespace(runs: readonly InlineRun[]): {
  before: InlineRun[];
  core: InlineRun[];
  after: InlineRun[];
} {
  const core = [...runs];
  const before: InlineRun[] = [];
  const after: InlineRun[] = [];
  for (let run = core[0]; run && !keepsWhitespace(run); run = core[0]) {
    const text = run.text.trimStart();
    before.push({ ...run, text: run.text.slice(0, run.text.length - text.length) });
    if (text === '') core.shift();
    else core[0] = { ...run, text };
    if (text !== '') break;
  }
  for (let run = core.at(-1); run && !keepsWhitespace(run); run = core.at(-1)) {
    const text = run.text.trimEnd();
    after.unshift({ ...run, text: run.text.slice(text.length) });
    if (text === '') core.pop();
    else core[core.length - 1] = { ...run, text };
    if (text !== '') break;
  }
  return { before, core, after };
}

/** Whether whitespace at the edges of the run belongs to its content. */
function keepsWhitespace({ node, marks: runMarks }: InlineRun): boolean {
  if (node.type === nodes.hard_break) return false;
  return !node.isText || runMarks.some(({ type }) => type === marks.code || type === marks.raw);
}

function nestMarks(runs: readonly InlineRun[]): PhrasingNode[] {
  const result: PhrasingNode[] = [];
  let index = 0;
  while (index < runs.length) {
    const run = runs[index] as InlineRun;
    const mark = outermostMark(runs, index);
    if (!mark) {
      result.push(...createLeaf(run));
      index += 1;
      continue;
    }
    const end = endOfMark(runs, index, mark);
    const inner = runs
      .slice(index, end)
      .map((each) => ({ ...each, marks: mark.removeFromSet(each.marks) }));
    result.push(...wrapInMark(mark, inner));
    index = end;
  }
  return mergeAdjacent(result);
}

/** Returns the mark of a run that spans the most runs; code and raw marks do not nest. */
function outermostMark(runs: readonly InlineRun[], index: number): Mark | undefined {
  let best: Mark | undefined;
  let furthest = index;
  for (const mark of runs[index]?.marks ?? []) {
    if (mark.type === marks.code || mark.type === marks.raw) continue;
    const end = endOfMark(runs, index, mark);
    if (end > furthest) {
      best = mark;
      furthest = end;
    }
  }
  return best;
}

/** Returns the index of the first run after `index` without the mark. */
function endOfMark(runs: readonly InlineRun[], index: number, mark: Mark): number {
  let end = index;
  while (end < runs.length && mark.isInSet((runs[end] as InlineRun).marks)) end += 1;
  return end;
}

function wrapInMark(mark: Mark, inner: InlineRun[]): PhrasingNode[] {
  if (mark.type === marks.link) return [createLink(mark, nestMarks(inner))];
  const { before, core, after } = splitOuterWhitespace(inner);
  const children = nestMarks(core);
  const type =
    mark.type === marks.strong ? 'strong' : mark.type === marks.em ? 'emphasis' : 'delete';
  const wrapped: PhrasingNode[] = children.length > 0 ? [{ type, children }] : [];
  return [...nestMarks(before), ...wrapped, ...nestMarks(after)];
}

function createLink({ attrs }: Mark, children: PhrasingNode[]): PhrasingNode {
  // The schema allows no link within a link.
  const content = children as MdastNodeOf<'link'>['children'];
  const reference = parseReference(attrs.reference);
  if (reference) return { type: 'linkReference', ...reference, children: content };
  return { type: 'link', url: attrs.href, title: attrs.title, children: content };
}

function createLeaf({ node, text, marks: runMarks }: InlineRun): PhrasingNode[] {
  const { attrs, type } = node;
  if (type === nodes.hard_break) return [{ type: 'break' }];
  if (type === nodes.image) {
    const reference = parseReference(attrs.reference);
    if (reference) return [{ type: 'imageReference', ...reference, alt: attrs.alt }];
    return [{ type: 'image', url: attrs.src, title: attrs.title, alt: attrs.alt }];
  }
  if (text === '') return [];
  // As math, not as HTML: the serializer allows no line break before HTML.
  if (marks.raw.isInSet(runMarks)) return [{ type: 'inlineMath', value: text }];
  if (marks.code.isInSet(runMarks)) return [{ type: 'inlineCode', value: text }];
  return [{ type: 'text', value: text }];
}

function parseReference(reference: string | null) {
  if (!reference) return undefined;
  const space = reference.indexOf(' ');
  const label = reference.slice(space + 1);
  const referenceType = reference.slice(0, space) as ReferenceType;
  return { referenceType, label, identifier: label };
}

/** Merges adjacent text nodes and adjacent code nodes. */
function mergeAdjacent(phrases: readonly PhrasingNode[]): PhrasingNode[] {
  const result: PhrasingNode[] = [];
  for (const phrase of phrases) {
    const last = result.at(-1);
    if (last?.type === 'text' && phrase.type === 'text') last.value += phrase.value;
    else if (last?.type === 'inlineCode' && phrase.type === 'inlineCode')
      last.value += phrase.value;
    else result.push(phrase);
  }
  return result;
}
