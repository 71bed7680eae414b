/** Estimates the cost of rendering an SVG in the app's page. Pure, one pass over the text. */

/**
 * An SVG with more elements is not rendered; elements repeated by `use` count each time. This many
 * take about a second.
 */
export const MAX_RENDERED_ELEMENTS = 25_000;
/** A tag of this length, such as a path with many points, costs as much as two elements. */
const TAG_CHARS = 200;
/** Filters run for every pixel: one blur of a large image takes seconds. */
const FILTER =
  /^<(?:[\w.-]+:)?fe[A-Z]|\b(?:blur|drop-shadow|brightness|contrast|grayscale|hue-rotate|invert|opacity|saturate|sepia)\(/i;

/** A nested data URL that is not a bitmap. */
const NESTED_NON_BITMAP = /data:(?!image\/(?:png|jpe?g|gif|webp)[;,])/i;
/** Limits the nesting of elements with an id, and chains of references. */
const MAX_DEPTH = 64;
/**
 * Encoded references: character references, percent encoding, CSS escapes. A match from each `#`
 * ends before the next one, which keeps it linear.
 */
const NEEDS_DECODING = /&#|\\|%23|#[^#"')\s]*%|url\(\s*&/i;
/** Spaces can only be matched in one way, which keeps it linear. */
const REFERENCE = /(?:href\s*=\s*["']\s*|url\(\s*(?:["']\s*)?)#([^"')\s]+)/g;

type SvgElement = {
  /** Its descendants and itself. */
  elementCount: number;
  /** How often it references each id. */
  useCounts: Map<string, number>;
};

/**
 * Counts the elements that an SVG renders: ten elements that each repeat the previous one twice
 * make a thousand. Each character of text counts as an element. Infinity if the SVG uses filters, or
 * if the count cannot be determined, as with entities. Assumes well-formed XML: browsers display
 * nothing else.
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
    const mayContainStyles = token.type !== 'text' || token.text.includes('{');
    if (mayContainStyles && FILTER.test(token.text)) return Number.POSITIVE_INFINITY;
    if (token.type === 'text') {
      // A reference in a style sheet may apply to any element.
      if (mayContainStyles && NEEDS_DECODING.test(token.text)) return Number.POSITIVE_INFINITY;
      styleReferenceCount += findReferences(token.text).length;
      for (const ancestor of ancestors) ancestor.elementCount += token.text.trim().length;
    } else if (token.type === 'close') {
      ancestors = openElements.pop() ?? [root];
    } else {
      const { id, references } = readReferencesAndId(token.text);
      if (id === null) return Number.POSITIVE_INFINITY;
      const element: SvgElement = { elementCount: 0, useCounts: new Map() };
      const identified = id === undefined ? undefined : (byId.get(id) ?? element);
      if (id !== undefined && identified) byId.set(id, identified);
      // Only elements with an id can be repeated, so only these get their own count.
      const path = identified ? [...ancestors, identified] : ancestors;
      if (path.length > MAX_DEPTH) return Number.POSITIVE_INFINITY;
      for (const ancestor of path) {
        ancestor.elementCount += 1 + Math.floor(token.text.length / TAG_CHARS);
        for (const target of references)
          ancestor.useCounts.set(target, (ancestor.useCounts.get(target) ?? 0) + 1);
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

/** Browsers render nothing for circular references; these count once here. */
function renderedCount(
  element: SvgElement,
  byId: ReadonlyMap<string, SvgElement>,
  cache: Map<SvgElement, number>,
  depth = 0,
): number {
  const cached = cache.get(element);
  if (cached !== undefined) return cached;
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

type Token = { type: 'open' | 'self-closing' | 'close' | 'text'; text: string } | null;

/** Yields null for unsupported input: entity definitions, style sheet links, unterminated tags. */
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
    // A processing instruction may link a style sheet; a document type may define entities.
    else if (tag.startsWith('<!') ? tag.includes('[') : /^<\?(?!xml\s)/.test(tag)) yield null;
    else if (tag.startsWith('</')) yield { type: 'close', text: '' };
    else if (!/^<[!?]/.test(tag))
      yield { type: tag.endsWith('/>') ? 'self-closing' : 'open', text: tag };
  }
}

const DELIMITED_SECTIONS: Array<[opener: string, closer: string]> = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
];

/** Returns the end of the tag that starts at `start`; -1 if it is unterminated. */
function findTagEnd(svg: string, start: number): number {
  const [, closer] = DELIMITED_SECTIONS.find(([opener]) => svg.startsWith(opener, start)) ?? [];
  if (closer) {
    const index = svg.indexOf(closer, start + 2);
    return index === -1 ? -1 : index + closer.length;
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

/** `id` is null if the tag contains encoded references. */
function readReferencesAndId(tag: string): { id?: string | null; references: string[] } {
  const id = /\sid\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(tag);
  const name = id?.[1] ?? id?.[2];
  return { id: NEEDS_DECODING.test(tag) ? null : name, references: findReferences(tag) };
}

function findReferences(text: string): string[] {
  return Array.from(text.matchAll(REFERENCE), ([, id]) => id as string);
}

/** Like `countRenderedElements`, for an image as a `data:` URL; a bitmap counts as 1. */
export function countImageElements(source: string): number {
  const svg = decodeSvgDataUrl(source);
  return svg === null ? 1 : countRenderedElements(svg);
}

/** Decodes the text of an SVG `data:` URL; null for other URLs. */
export function decodeSvgDataUrl(source: string): string | null {
  const [, encoding, data] = /^data:image\/svg\+xml([^,]*),([\s\S]*)$/.exec(source) ?? [];
  if (encoding === undefined || data === undefined) return null;
  try {
    const text = decodeURIComponent(data);
    if (!/;\s*base64\s*$/i.test(encoding)) return text;
    return new TextDecoder().decode(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));
  } catch {
    // An unterminated tag: counts as Infinity.
    return '<';
  }
}
