/** Markdown's syntax tree of a text in the editor. */
import type { Mark, Node } from 'prosemirror-model';
import type { TreeNode } from '@/artifacts/text/editor/from-tree';
import { schema } from '@/artifacts/text/editor/schema';
import type { MarkdownRoot } from '@/lib/client/markdown/parse';

type TreeNodeOf<Type extends TreeNode['type']> = Extract<TreeNode, { type: Type }>;
type Phrase = TreeNodeOf<'paragraph'>['children'][number];
type BlockNode = TreeNodeOf<'blockquote'>['children'][number];
type ReferenceType = TreeNodeOf<'linkReference'>['referenceType'];

const { nodes, marks } = schema;

/** Blocks as a tree; empty paragraphs, which Markdown does not know, are left out. */
export function toTree(blocks: readonly Node[]): MarkdownRoot {
  return { type: 'root', children: writeBlocks(blocks) };
}

function writeBlocks(blocks: readonly Node[]): BlockNode[] {
  return blocks.map(writeBlock).filter((block) => block !== undefined);
}

function writeBlock(node: Node): BlockNode | undefined {
  const { attrs, type } = node;
  switch (type) {
    case nodes.paragraph: {
      const children = phrases(node);
      return children.length > 0 ? { type: 'paragraph', children } : undefined;
    }
    case nodes.heading:
      return { type: 'heading', depth: attrs.level, children: phrases(node) };
    case nodes.blockquote:
      return { type: 'blockquote', children: writeBlocks(node.children) };
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
          children: writeItem(item),
        })),
      };
    case nodes.table:
      return writeTable(node);
    default:
      throw new Error(`No Markdown for ${type.name}`);
  }
}

/** A task has its box in its first paragraph, so there must be one. */
function writeItem(item: Node): BlockNode[] {
  const children = writeBlocks(item.children);
  if (item.attrs.checked === null || children[0]?.type === 'paragraph') return children;
  return [{ type: 'paragraph', children: [] }, ...children];
}

function writeTable(table: Node): TreeNodeOf<'table'> {
  return {
    type: 'table',
    align: table.firstChild?.children.map((cell) => cell.attrs.align) ?? [],
    children: table.children.map((row) => ({
      type: 'tableRow',
      children: row.children.map((cell) => ({ type: 'tableCell', children: phrases(cell) })),
    })),
  };
}

/** A piece of a line. Blanks at the edges of emphasis stand outside of it. */
type Run = { node: Node; text: string; marks: readonly Mark[] };

/** The content of a block of text, without blanks and breaks at its edges. */
function phrases(block: Node): Phrase[] {
  const runs = block.children.map((node) => ({ node, text: node.text ?? '', marks: node.marks }));
  return nest(withoutBlanks(runs).core);
}

/** Blanks and breaks at the edges of runs, and what is between them. */
function withoutBlanks(runs: readonly Run[]): { before: Run[]; core: Run[]; after: Run[] } {
  const core = [...runs];
  const before: Run[] = [];
  const after: Run[] = [];
  for (let run = core[0]; run && !isSolid(run); run = core[0]) {
    const text = run.text.trimStart();
    before.push({ ...run, text: run.text.slice(0, run.text.length - text.length) });
    if (text === '') core.shift();
    else core[0] = { ...run, text };
    if (text !== '') break;
  }
  for (let run = core.at(-1); run && !isSolid(run); run = core.at(-1)) {
    const text = run.text.trimEnd();
    after.unshift({ ...run, text: run.text.slice(text.length) });
    if (text === '') core.pop();
    else core[core.length - 1] = { ...run, text };
    if (text !== '') break;
  }
  return { before, core, after };
}

/** Whether its blanks are its own. */
function isSolid({ node, marks: own }: Run): boolean {
  if (node.type === nodes.hard_break) return false;
  return !node.isText || own.some(({ type }) => type === marks.code || type === marks.raw);
}

function nest(runs: readonly Run[]): Phrase[] {
  const result: Phrase[] = [];
  let index = 0;
  while (index < runs.length) {
    const run = runs[index] as Run;
    const mark = outermost(runs, index);
    if (!mark) {
      result.push(...leaf(run));
      index += 1;
      continue;
    }
    const end = reach(runs, index, mark);
    const inner = runs
      .slice(index, end)
      .map((each) => ({ ...each, marks: mark.removeFromSet(each.marks) }));
    result.push(...wrap(mark, inner));
    index = end;
  }
  return merged(result);
}

/** Of the marks on a run that wrap others, the one that reaches furthest. */
function outermost(runs: readonly Run[], index: number): Mark | undefined {
  let best: Mark | undefined;
  let furthest = index;
  for (const mark of runs[index]?.marks ?? []) {
    if (mark.type === marks.code || mark.type === marks.raw) continue;
    const end = reach(runs, index, mark);
    if (end > furthest) {
      best = mark;
      furthest = end;
    }
  }
  return best;
}

/** The index of the first run after `index` that is not within the same mark. */
function reach(runs: readonly Run[], index: number, mark: Mark): number {
  let end = index;
  while (end < runs.length && mark.isInSet((runs[end] as Run).marks)) end += 1;
  return end;
}

function wrap(mark: Mark, inner: Run[]): Phrase[] {
  if (mark.type === marks.link) return [link(mark, nest(inner))];
  const { before, core, after } = withoutBlanks(inner);
  const children = nest(core);
  const type =
    mark.type === marks.strong ? 'strong' : mark.type === marks.em ? 'emphasis' : 'delete';
  const wrapped: Phrase[] = children.length > 0 ? [{ type, children }] : [];
  return [...nest(before), ...wrapped, ...nest(after)];
}

function link({ attrs }: Mark, children: Phrase[]): Phrase {
  // A link holds no other.
  const content = children as TreeNodeOf<'link'>['children'];
  const named = referenceOf(attrs.reference);
  if (named) return { type: 'linkReference', ...named, children: content };
  return { type: 'link', url: attrs.href, title: attrs.title, children: content };
}

function leaf({ node, text, marks: own }: Run): Phrase[] {
  const { attrs, type } = node;
  if (type === nodes.hard_break) return [{ type: 'break' }];
  if (type === nodes.image) {
    const named = referenceOf(attrs.reference);
    if (named) return [{ type: 'imageReference', ...named, alt: attrs.alt }];
    return [{ type: 'image', url: attrs.src, title: attrs.title, alt: attrs.alt }];
  }
  if (text === '') return [];
  // Not as HTML, before which no line may break.
  if (marks.raw.isInSet(own)) return [{ type: 'inlineMath', value: text }];
  if (marks.code.isInSet(own)) return [{ type: 'inlineCode', value: text }];
  return [{ type: 'text', value: text }];
}

function referenceOf(reference: string | null) {
  if (!reference) return undefined;
  const blank = reference.indexOf(' ');
  const label = reference.slice(blank + 1);
  const referenceType = reference.slice(0, blank) as ReferenceType;
  return { referenceType, label, identifier: label };
}

/** Text beside text, and code beside code, is one. */
function merged(phrases: readonly Phrase[]): Phrase[] {
  const result: Phrase[] = [];
  for (const phrase of phrases) {
    const last = result.at(-1);
    if (last?.type === 'text' && phrase.type === 'text') last.value += phrase.value;
    else if (last?.type === 'inlineCode' && phrase.type === 'inlineCode')
      last.value += phrase.value;
    else result.push(phrase);
  }
  return result;
}
