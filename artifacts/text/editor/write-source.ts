/**
 * The way from the editor to Markdown. Whatever is as it was read is written as it was, to the byte,
 * even where the parser, which looks far ahead for the other end of some signs, then takes it otherwise.
 */
import type { Node } from 'prosemirror-model';
import { keyOf, type Source } from '@/artifacts/text/editor/source';
import { toTree } from '@/artifacts/text/editor/to-tree';
import { type Hand, unlike, writeTree } from '@/artifacts/text/editor/write-tree';

const GAP = '\n\n';
const APART = `${GAP}<!-- -->${GAP}`;

/** What a block is to be written as. */
type Written = {
  node: Node;
  text: string;
  /** What goes before it. */
  gap: string;
  /** Its place in the source; also that of a block which has changed where it stood. */
  place: number | undefined;
  kept: boolean;
};

/** Writes a text as Markdown: what it was read from, where that still holds. */
export function writeMarkdown(doc: Node, source: Source): string {
  const written = writeBlocks(doc, source);
  const { gaps, blocks } = source;
  const first = written[0];
  const [start, end] = [gaps[0] as string, gaps[blocks.length] as string];
  if (!first) return blocks.length === 0 ? start : '';
  const mark = start.startsWith('\uFEFF') ? '\uFEFF' : '';
  if (first.place === 0) first.gap = start.slice(mark.length);
  for (const [index, block] of written.entries()) {
    if (index > 0) block.gap = seam(written[index - 1] as Written, block, source);
  }
  const body = written.map((block) => block.gap + block.text).join('');
  return mark + body + (blocks.length === 0 ? '\n' : end);
}

function writeBlocks(doc: Node, source: Source): Written[] {
  const written: Written[] = [];
  let next = 0;
  for (const node of doc.children) {
    const place = placeOf(node, source, next);
    const original = place === undefined ? undefined : source.blocks[place];
    const text = original?.text ?? writeNode(node, source.hand);
    if (place !== undefined) next = place + 1;
    if (text !== '') written.push({ node, text, gap: '', place, kept: original !== undefined });
  }
  fillPlaces(written, source.blocks.length);
  return written;
}

/** Where a node was read from, at `next` or after it if there are several such places. */
function placeOf(node: Node, { places, likely, blocks }: Source, next: number): number | undefined {
  const exact = places.get(node);
  if (exact !== undefined) return exact;
  const same = (likely.get(keyOf(node)) ?? []).filter((place) => blocks[place]?.node.eq(node));
  return same.find((place) => place >= next) ?? same[0];
}

/** As many changed blocks as there were between two that stayed: each stands where one stood. */
function fillPlaces(written: Written[], count: number): void {
  let from = 0;
  let before = -1;
  for (let index = 0; index <= written.length; index += 1) {
    const place = index === written.length ? count : written[index]?.place;
    if (place === undefined) continue;
    if (place - before - 1 === index - from) {
      for (let each = from; each < index; each += 1) {
        (written[each] as Written).place = before + 1 + each - from;
      }
    }
    from = index + 1;
    before = place;
  }
}

function writeNode(node: Node, hand: Hand): string {
  return writeTree(toTree([node]), hand).replace(/\n$/, '');
}

/**
 * What goes between two blocks. Where they did not stand together before, they are read together:
 * two lists must not become one, and nothing be swallowed by what is open before it. They are
 * written otherwise where that is what it takes.
 */
function seam(before: Written, block: Written, source: Source): string {
  const together = before.place !== undefined && block.place === before.place + 1;
  const gap = together ? (source.gaps[block.place as number] as string) : GAP;
  if (together && before.kept && block.kept) return gap;
  const between = /\n[^\S\n]*\n/.test(gap) ? gap : GAP;
  const { read, hand } = source;
  const fits = (first: string, second: string, like?: Node) =>
    read(first + between + second).some(
      ({ node, from }) =>
        from === first.length + between.length && (like === undefined || node.eq(like)),
    );
  if (fits(before.text, block.text, block.kept ? block.node : undefined)) return between;
  const other = writeNode(block.node, unlike(before.text, hand));
  if (fits(before.text, other)) {
    block.text = other;
    return between;
  }
  const closed = writeNode(before.node, hand);
  if (fits(closed, block.text)) {
    before.text = closed;
    return between;
  }
  return APART;
}
