/** What a picture in SVG would cost the page, which has to draw it itself. Pure, in one pass over the text. */

/** More elements than this, those that `use` repeats counted each time, are not drawn: a second of work. */
export const MAX_RENDERED_ELEMENTS = 25_000;
/** A tag of this length, such as a path of many points, takes as long as two elements. */
const TAG_CHARS = 200;
/** What is computed for every pixel: one blur of a large picture takes seconds. */
const FILTER =
  /^<(?:[\w.-]+:)?fe[A-Z]|\b(?:blur|drop-shadow|brightness|contrast|grayscale|hue-rotate|invert|opacity|saturate|sepia)\(/i;

/** A picture within the picture that is no bitmap. */
const NESTED_NON_BITMAP = /data:(?!image\/(?:png|jpe?g|gif|webp)[;,])/i;
/** Elements with a name within one another, and elements that repeat one another. */
const MAX_DEPTH = 64;
/** What must be decoded before it is read: character references, percent signs, escapes of CSS. */
const NEEDS_DECODING = /&#|\\|%23|#[^"')\s]*%|url\(\s*&/i;

type SvgElement = {
  /** Elements within it, and itself. */
  elementCount: number;
  /** What it repeats: identifiers by how often. */
  useCounts: Map<string, number>;
};

/**
 * How many elements are drawn for a picture, each character of a text counted as one: ten elements that
 * each repeat the one before twice are a thousand. Infinity where that cannot be told, as with entities
 * and filters. What the text says is well-formed XML, or the browser shows nothing.
 */
export function countRenderedElements(svg: string): number {
  if (NESTED_NON_BITMAP.test(svg)) return Number.POSITIVE_INFINITY;
  const byId = new Map<string, SvgElement>();
  const root: SvgElement = { elementCount: 0, useCounts: new Map() };
  const openElements: SvgElement[][] = [];
  let ancestors = [root];
  let styleReferenceCount = 0;
  for (const token of tokenize(svg)) {
    if (token === null) return Number.POSITIVE_INFINITY;
    const isStyled = token.type !== 'text' || token.text.includes('{');
    if (isStyled && FILTER.test(token.text)) return Number.POSITIVE_INFINITY;
    if (token.type === 'text') {
      // In a style sheet: one reference may be that of any element.
      if (isStyled && NEEDS_DECODING.test(token.text)) return Number.POSITIVE_INFINITY;
      styleReferenceCount += findReferences(token.text).length;
      for (const one of ancestors) one.elementCount += token.text.trim().length;
    } else if (token.type === 'close') {
      ancestors = openElements.pop() ?? [root];
    } else {
      const { id, references } = readReferencesAndId(token.text);
      if (id === null) return Number.POSITIVE_INFINITY;
      const element: SvgElement = { elementCount: 0, useCounts: new Map() };
      const identified = id === undefined ? undefined : (byId.get(id) ?? element);
      if (id !== undefined && identified) byId.set(id, identified);
      // Only those that can be repeated are counted for themselves.
      const path = identified ? [...ancestors, identified] : ancestors;
      if (path.length > MAX_DEPTH) return Number.POSITIVE_INFINITY;
      for (const ancestor of path) {
        ancestor.elementCount += 1 + Math.floor(token.text.length / TAG_CHARS);
        for (const to of references)
          ancestor.useCounts.set(to, (ancestor.useCounts.get(to) ?? 0) + 1);
      }
      if (token.type === 'open') {
        openElements.push(ancestors);
        ancestors = path;
      }
    }
  }
  const total = renderedCount(root, byId, new Map());
  return styleReferenceCount === 0
    ? total
    : total * (1 + styleReferenceCount * largestRenderedCount(byId));
}

/** Of those that repeat one another in a circle nothing is drawn; here they are counted once. */
function renderedCount(
  element: SvgElement,
  byId: ReadonlyMap<string, SvgElement>,
  cache: Map<SvgElement, number>,
  depth = 0,
): number {
  const found = cache.get(element);
  if (found !== undefined) return found;
  if (depth > MAX_DEPTH) return Number.POSITIVE_INFINITY;
  cache.set(element, 0);
  let total = element.elementCount;
  for (const [id, count] of element.useCounts) {
    const target = byId.get(id);
    if (target) total += count * renderedCount(target, byId, cache, depth + 1);
  }
  cache.set(element, total);
  return total;
}

function largestRenderedCount(byId: ReadonlyMap<string, SvgElement>): number {
  const cache = new Map<SvgElement, number>();
  let max = 0;
  for (const element of byId.values()) max = Math.max(max, renderedCount(element, byId, cache));
  return max;
}

type Token = { type: 'open' | 'alone' | 'close' | 'text'; text: string } | null;

/** Null for what cannot be read: entities that the text defines, or the rest of what does not end. */
function* tokenize(svg: string): Generator<Token> {
  for (let position = 0; position < svg.length; ) {
    const start = svg.indexOf('<', position);
    const text = svg.slice(position, start === -1 ? svg.length : start);
    if (text.trim() !== '') yield { type: 'text', text };
    if (start === -1) return;
    const end = findTagEnd(svg, start);
    if (end === -1) return yield null;
    position = end;
    const tag = svg.slice(start, end);
    if (tag.startsWith('<![CDATA[')) yield { type: 'text', text: tag };
    else if (tag.startsWith('<!--')) continue;
    // A processing instruction may name a style sheet, and a document type define entities.
    else if (tag.startsWith('<!') ? tag.includes('[') : /^<\?(?!xml\s)/.test(tag)) yield null;
    else if (tag.startsWith('</')) yield { type: 'close', text: '' };
    else if (!/^<[!?]/.test(tag)) yield { type: tag.endsWith('/>') ? 'alone' : 'open', text: tag };
  }
}

const DELIMITED_SECTIONS: Array<[begins: string, ends: string]> = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
];

/** Where a tag that begins at `start` is over; -1 where it never is. */
function findTagEnd(svg: string, start: number): number {
  const [, ends] = DELIMITED_SECTIONS.find(([begins]) => svg.startsWith(begins, start)) ?? [];
  if (ends) {
    const index = svg.indexOf(ends, start + 2);
    return index === -1 ? -1 : index + ends.length;
  }
  for (let index = start; index < svg.length; index++) {
    const char = svg[index] as string;
    if (char === '>') return index + 1;
    if (char !== '"' && char !== "'") continue;
    index = svg.indexOf(char, index + 1);
    if (index === -1) return -1;
  }
  return -1;
}

/** `id` is null where it is written so that it must be decoded first. */
function readReferencesAndId(tag: string): { id?: string | null; references: string[] } {
  const id = /\sid\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(tag);
  const name = id?.[1] ?? id?.[2];
  return { id: NEEDS_DECODING.test(tag) ? null : name, references: findReferences(tag) };
}

function findReferences(text: string): string[] {
  const found = text.matchAll(/(?:href\s*=\s*["']\s*|url\(\s*["']?\s*)#([^"')\s]+)/g);
  return Array.from(found, ([, id]) => id as string);
}

/** As drawnElements, of a picture as a `data:` URL; 1 for a bitmap. */
export function drawnElementsOf(source: string): number {
  const svg = decodeSvgDataUrl(source);
  return svg === null ? 1 : countRenderedElements(svg);
}

/** The text of a picture as a `data:` URL; null where it is none in SVG. */
export function decodeSvgDataUrl(source: string): string | null {
  const [, encoding, data] = /^data:image\/svg\+xml([^,]*),([\s\S]*)$/.exec(source) ?? [];
  if (encoding === undefined || data === undefined) return null;
  try {
    const text = decodeURIComponent(data);
    if (!/;\s*base64\s*$/i.test(encoding)) return text;
    return new TextDecoder().decode(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));
  } catch {
    // As what cannot be read.
    return '<';
  }
}
