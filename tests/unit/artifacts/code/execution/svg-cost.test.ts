import { describe, expect, it } from 'vitest';
import {
  countRenderedElements,
  decodeSvgDataUrl,
  MAX_RENDERED_ELEMENTS,
} from '@/artifacts/code/execution/svg-cost';
import { expectLinear } from '@/tests/support/linear-time';

/** An SVG whose levels each reference the level before; `level` renders one of them. */
const nested = (levels: number, level: (at: number) => string) =>
  `<svg xmlns="http://www.w3.org/2000/svg"><defs><g id="a0"><rect/></g>${Array.from({ length: levels }, (_, depth) => level(depth + 1)).join('')}</defs><use href="#a${levels}"/></svg>`;
const bomb = nested(
  22,
  (depth) =>
    `<g id="a${depth}"><use href="#a${depth - 1}"/><use x="1" xlink:href='#a${depth - 1}'/></g>`,
);

describe('the rendered elements of an image', () => {
  it.each([
    ['elements', '<?xml version="1.0"?><!-- <g> --><svg><g><rect/></g><path d="M>0"/></svg>', 4],
    [
      'repeated elements, each time',
      '<svg><g id="a"><rect/></g><use href="#a"/><use href="#a"/></svg>',
      9,
    ],
    [
      'a gradient, for each use',
      '<svg><defs id="d"/><g fill="url(#d)"/><g style="fill:url(\'#d\')"/></svg>',
      6,
    ],
    ['a recursive reference, once', '<svg><g id="a"><use href="#a"/></g></svg>', 5],
    ['text, by its characters', '<svg><text> ab c </text></svg>', 6],
    ['a long path, as more than one', `<svg><path d="${'M0 0'.repeat(100)}"/></svg>`, 4],
    ['text that resembles a filter', '<svg><text>invert(x)</text></svg>', 11],
    ['a dangling reference', '<svg><use href="#b"/></svg>', 2],
    ['a document type', '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://x"><svg/>', 1],
  ])('are counted for %s', (_, svg, count) => {
    expect(countRenderedElements(svg)).toBe(count);
  });

  it.each([
    ['nested references', bomb],
    [
      'nested references in a style sheet',
      `<svg><style>rect{mask:url(#a)}</style><mask id="a">${'<rect/>'.repeat(300)}</mask>${'<rect/>'.repeat(300)}</svg>`,
    ],
    [
      'patterns of patterns',
      nested(
        22,
        (depth) =>
          `<pattern id="a${depth}"><rect fill="url(#a${depth - 1})"/><rect fill='url("#a${depth - 1}")'/></pattern>`,
      ),
    ],
    ['entities', '<!DOCTYPE svg [<!ENTITY a "<rect/>">]><svg>&a;</svg>'],
    ['encoded names', '<svg><g id="&#97;"/><use href="#a"/></svg>'],
    ['encoded references', '<svg><g id="a"/><use href="&#35;a"/></svg>'],
    ['references that a style sheet would decode', '<svg><g id="a"/><g mask="url(%23a)"/></svg>'],
    ['encoded references in quotes', '<svg><g id="a"/><g mask="url(&quot;#a&quot;)"/></svg>'],
    ['a style sheet with escapes', '<svg><style>rect{mask:\\75rl(#a)}</style></svg>'],
    ['an image within the image', '<svg><image href="data:image/svg+xml,%3Csvg/%3E"/></svg>'],
    [
      'a long chain of references',
      nested(20_000, (depth) => `<g id="a${depth}"><use href="#a${depth - 1}"/></g>`),
    ],
    ['a long text', `<svg><text>${'x'.repeat(30_000)}</text></svg>`],
    [
      'a repeated short text',
      `<svg><text id="a">${'x'.repeat(100)}</text>${'<use href="#a"/>'.repeat(300)}</svg>`,
    ],
    [
      'a repeated long path',
      `<svg><path id="a" d="${'M0 0'.repeat(5_000)}"/>${'<use href="#a"/>'.repeat(300)}</svg>`,
    ],
    ['a filter', '<svg><filter id="f"><feGaussianBlur stdDeviation="900"/></filter></svg>'],
    ['a filter with a prefix', '<s:svg><s:feTurbulence numOctaves="100"/></s:svg>'],
    ['a filter in an attribute', '<svg><rect style="filter: Blur(900px)"/></svg>'],
    ['a filter in a style sheet', '<svg><style>rect{filter:drop-shadow(9px 9px)}</style></svg>'],
    ['an external style sheet', '<?xml-stylesheet href="#a"?><svg/>'],
    ['an unterminated element', '<svg><g id="a'],
    ['named elements within one another', '<g id="a">'.repeat(100)],
  ])('exceed the limit or cannot be counted for %s', (_, svg) => {
    expect(countRenderedElements(svg)).toBeGreaterThan(MAX_RENDERED_ELEMENTS);
  });

  it('are few for images that programs typically make, such as a board or a chart with gradients', () => {
    const board = `<svg><defs>${'<g id="k"><path d="M0 0"/><path/></g>'.repeat(12)}</defs>${'<use href="#k" x="1"/>'.repeat(64)}</svg>`;
    const chart = `<svg><linearGradient id="g"><stop/><stop/></linearGradient><marker id="m"><path/></marker>${'<rect fill="url(#g)" marker-end="url(#m)"/>'.repeat(2_000)}</svg>`;
    for (const svg of [board, chart])
      expect(countRenderedElements(svg)).toBeLessThan(MAX_RENDERED_ELEMENTS);
  });

  it.each([
    '<g id="a"/>',
    '<use href="#a"/>',
    '<g>',
    '<',
    '"',
    '<!--',
    '<a "',
    ' id= ',
    'url(#',
    '&',
  ])('are counted in linear time for a repeated %j', (unit) => {
    expectLinear(
      (length) => () => countRenderedElements(`<svg ${unit.repeat(length / unit.length)}`),
      3_000,
    );
  });

  it.each([
    ['#', ''],
    ['{#', ''],
    [' ', 'url('],
    [' ', 'href='],
  ])('are counted in linear time for a repeated %j in an attribute, after %j', (unit, start) => {
    const svg = (length: number) =>
      `<svg><g a="${start}${unit.repeat(length / unit.length)}"/>{}</svg>`;
    expectLinear((length) => () => countRenderedElements(svg(length)), 1_000);
  });
});

it('the rendered elements of an image are counted in a data URL of any encoding', () => {
  expect(decodeSvgDataUrl(`data:image/svg+xml,${encodeURIComponent('<svg>ö</svg>')}`)).toBe(
    '<svg>ö</svg>',
  );
  expect(decodeSvgDataUrl('data:image/svg+xml;charset=utf-8;base64,PHN2Zy8+')).toBe('<svg/>');
  expect(decodeSvgDataUrl('data:image/png;base64,AA==')).toBeNull();
  expect(countRenderedElements(decodeSvgDataUrl('data:image/svg+xml,%') as string)).toBe(
    Number.POSITIVE_INFINITY,
  );
});
