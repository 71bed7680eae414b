/** What a picture in SVG would cost the page, which has to draw it itself. Pure, in one pass over the text. */

/** More elements than this, those that `use` repeats counted each time, are not drawn: a second of work. */
export const MAX_DRAWN_ELEMENTS = 25_000;
/** A tag of this length, such as a path of many points, takes as long as two elements. */
const TAG_CHARS = 200;
/** What is computed for every pixel: one blur of a large picture takes seconds. */
const FILTER =
  /^<(?:[\w.-]+:)?fe[A-Z]|\b(?:blur|drop-shadow|brightness|contrast|grayscale|hue-rotate|invert|opacity|saturate|sepia)\(/i;

/** A picture within the picture that is no bitmap. */
const NESTED_PICTURE = /data:(?!image\/(?:png|jpe?g|gif|webp)[;,])/i;
/** Elements with a name within one another, and elements that repeat one another. */
const MAX_DEPTH = 64;
/** What must be decoded before it is read: character references, percent signs, escapes of CSS. */
const ENCODED = /&#|\\|%23|#[^"')\s]*%|url\(\s*&/i;

type Element = {
  /** Elements within it, and itself. */
  own: number;
  /** What it repeats: identifiers by how often. */
  repeats: Map<string, number>;
};

/**
 * How many elements are drawn for a picture, each character of a text counted as one: ten elements that
 * each repeat the one before twice are a thousand. Infinity where that cannot be told, as with entities
 * and filters. What the text says is well-formed XML, or the browser shows nothing.
 */
export function drawnElements(svg: string): number {
  if (NESTED_PICTURE.test(svg)) return Number.POSITIVE_INFINITY;
  const byId = new Map<string, Element>();
  const root: Element = { own: 0, repeats: new Map() };
  const open: Element[][] = [];
  let inside = [root];
  let styled = 0;
  for (const token of tokensOf(svg)) {
    if (token === null) return Number.POSITIVE_INFINITY;
    const isStyled = token.type !== 'text' || token.text.includes('{');
    if (isStyled && FILTER.test(token.text)) return Number.POSITIVE_INFINITY;
    if (token.type === 'text') {
      // In a style sheet: one reference may be that of any element.
      if (isStyled && ENCODED.test(token.text)) return Number.POSITIVE_INFINITY;
      styled += referencesIn(token.text).length;
      for (const one of inside) one.own += token.text.trim().length;
    } else if (token.type === 'close') {
      inside = open.pop() ?? [root];
    } else {
      const { id, references } = attributesOf(token.text);
      if (id === null) return Number.POSITIVE_INFINITY;
      const element: Element = { own: 0, repeats: new Map() };
      const known = id === undefined ? undefined : (byId.get(id) ?? element);
      if (id !== undefined && known) byId.set(id, known);
      // Only those that can be repeated are counted for themselves.
      const path = known ? [...inside, known] : inside;
      if (path.length > MAX_DEPTH) return Number.POSITIVE_INFINITY;
      for (const one of path) {
        one.own += 1 + Math.floor(token.text.length / TAG_CHARS);
        for (const to of references) one.repeats.set(to, (one.repeats.get(to) ?? 0) + 1);
      }
      if (token.type === 'open') {
        open.push(inside);
        inside = path;
      }
    }
  }
  const total = costOf(root, byId, new Map());
  return styled === 0 ? total : total * (1 + styled * largest(byId));
}

/** Of those that repeat one another in a circle nothing is drawn; here they are counted once. */
function costOf(
  element: Element,
  byId: ReadonlyMap<string, Element>,
  known: Map<Element, number>,
  depth = 0,
): number {
  const found = known.get(element);
  if (found !== undefined) return found;
  if (depth > MAX_DEPTH) return Number.POSITIVE_INFINITY;
  known.set(element, 0);
  let cost = element.own;
  for (const [id, count] of element.repeats) {
    const target = byId.get(id);
    if (target) cost += count * costOf(target, byId, known, depth + 1);
  }
  known.set(element, cost);
  return cost;
}

function largest(byId: ReadonlyMap<string, Element>): number {
  const known = new Map<Element, number>();
  let most = 0;
  for (const element of byId.values()) most = Math.max(most, costOf(element, byId, known));
  return most;
}

type Token = { type: 'open' | 'alone' | 'close' | 'text'; text: string } | null;

/** Null for what cannot be read: entities that the text defines, or the rest of what does not end. */
function* tokensOf(svg: string): Generator<Token> {
  for (let at = 0; at < svg.length; ) {
    const start = svg.indexOf('<', at);
    const text = svg.slice(at, start === -1 ? svg.length : start);
    if (text.trim() !== '') yield { type: 'text', text };
    if (start === -1) return;
    const end = endOfTag(svg, start);
    if (end === -1) return yield null;
    at = end;
    const tag = svg.slice(start, end);
    if (tag.startsWith('<![CDATA[')) yield { type: 'text', text: tag };
    else if (tag.startsWith('<!--')) continue;
    // A processing instruction may name a style sheet, and a document type define entities.
    else if (tag.startsWith('<!') ? tag.includes('[') : /^<\?(?!xml\s)/.test(tag)) yield null;
    else if (tag.startsWith('</')) yield { type: 'close', text: '' };
    else if (!/^<[!?]/.test(tag)) yield { type: tag.endsWith('/>') ? 'alone' : 'open', text: tag };
  }
}

const ENDS: Array<[begins: string, ends: string]> = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
];

/** Where a tag that begins at `start` is over; -1 where it never is. */
function endOfTag(svg: string, start: number): number {
  const [, ends] = ENDS.find(([begins]) => svg.startsWith(begins, start)) ?? [];
  if (ends) {
    const at = svg.indexOf(ends, start + 2);
    return at === -1 ? -1 : at + ends.length;
  }
  for (let at = start; at < svg.length; at++) {
    const char = svg[at] as string;
    if (char === '>') return at + 1;
    if (char !== '"' && char !== "'") continue;
    at = svg.indexOf(char, at + 1);
    if (at === -1) return -1;
  }
  return -1;
}

/** `id` is null where it is written so that it must be decoded first. */
function attributesOf(tag: string): { id?: string | null; references: string[] } {
  const id = /\sid\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(tag);
  const name = id?.[1] ?? id?.[2];
  return { id: ENCODED.test(tag) ? null : name, references: referencesIn(tag) };
}

function referencesIn(text: string): string[] {
  const found = text.matchAll(/(?:href\s*=\s*["']\s*|url\(\s*["']?\s*)#([^"')\s]+)/g);
  return Array.from(found, ([, id]) => id as string);
}

/** As drawnElements, of a picture as a `data:` URL; 1 for a bitmap. */
export function drawnElementsOf(source: string): number {
  const svg = svgOf(source);
  return svg === null ? 1 : drawnElements(svg);
}

/** The text of a picture as a `data:` URL; null where it is none in SVG. */
export function svgOf(source: string): string | null {
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
