import { describe, expect, it } from 'vitest';
import { drawnElements, MAX_DRAWN_ELEMENTS, svgOf } from '@/artifacts/code/run/svg-cost';
import { expectLinear } from '@/tests/support/growth';

/** Each level repeats the one before twice. */
const nested = (levels: number, level: (at: number) => string) =>
  `<svg xmlns="http://www.w3.org/2000/svg"><defs><g id="a0"><rect/></g>${Array.from({ length: levels }, (_, at) => level(at + 1)).join('')}</defs><use href="#a${levels}"/></svg>`;
const bomb = nested(
  22,
  (at) => `<g id="a${at}"><use href="#a${at - 1}"/><use x="1" xlink:href='#a${at - 1}'/></g>`,
);

describe('the elements that are drawn for a picture', () => {
  it.each([
    ['elements', '<?xml version="1.0"?><!-- <g> --><svg><g><rect/></g><path d="M>0"/></svg>', 4],
    [
      'what is repeated, each time',
      '<svg><g id="a"><rect/></g><use href="#a"/><use href="#a"/></svg>',
      9,
    ],
    [
      'a gradient, as often as it fills',
      '<svg><defs id="d"/><g fill="url(#d)"/><g style="fill:url(\'#d\')"/></svg>',
      6,
    ],
    ['what repeats itself, once', '<svg><g id="a"><use href="#a"/></g></svg>', 5],
    ['a text, by its characters', '<svg><text> ab c </text></svg>', 6],
    ['a long path, as more than one', `<svg><path d="${'M0 0'.repeat(100)}"/></svg>`, 4],
    ['words that a filter has, too', '<svg><text>invert(x)</text></svg>', 11],
    ['what leads nowhere', '<svg><use href="#b"/></svg>', 2],
    ['a document type', '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://x"><svg/>', 1],
  ])('are counted: %s', (_, svg, count) => {
    expect(drawnElements(svg)).toBe(count);
  });

  it.each([
    ['parts within parts', bomb],
    [
      'parts within parts in a style sheet',
      `<svg><style>rect{mask:url(#a)}</style><mask id="a">${'<rect/>'.repeat(300)}</mask>${'<rect/>'.repeat(300)}</svg>`,
    ],
    [
      'patterns of patterns',
      nested(
        22,
        (at) =>
          `<pattern id="a${at}"><rect fill="url(#a${at - 1})"/><rect fill='url("#a${at - 1}")'/></pattern>`,
      ),
    ],
    ['entities', '<!DOCTYPE svg [<!ENTITY a "<rect/>">]><svg>&a;</svg>'],
    ['names that are encoded', '<svg><g id="&#97;"/><use href="#a"/></svg>'],
    ['references that are encoded', '<svg><g id="a"/><use href="&#35;a"/></svg>'],
    ['references that a style sheet would decode', '<svg><g id="a"/><g mask="url(%23a)"/></svg>'],
    [
      'references in quotes that are encoded',
      '<svg><g id="a"/><g mask="url(&quot;#a&quot;)"/></svg>',
    ],
    ['a style sheet with escapes', '<svg><style>rect{mask:\\75rl(#a)}</style></svg>'],
    ['a picture in the picture', '<svg><image href="data:image/svg+xml,%3Csvg/%3E"/></svg>'],
    [
      'a long chain of parts',
      nested(20_000, (at) => `<g id="a${at}"><use href="#a${at - 1}"/></g>`),
    ],
    ['a text of many characters', `<svg><text>${'x'.repeat(30_000)}</text></svg>`],
    [
      'a short text, again and again',
      `<svg><text id="a">${'x'.repeat(100)}</text>${'<use href="#a"/>'.repeat(300)}</svg>`,
    ],
    [
      'a long path, again and again',
      `<svg><path id="a" d="${'M0 0'.repeat(5_000)}"/>${'<use href="#a"/>'.repeat(300)}</svg>`,
    ],
    ['a filter', '<svg><filter id="f"><feGaussianBlur stdDeviation="900"/></filter></svg>'],
    ['a filter with a prefix', '<s:svg><s:feTurbulence numOctaves="100"/></s:svg>'],
    ['a filter in an attribute', '<svg><rect style="filter: Blur(900px)"/></svg>'],
    ['a filter in a style sheet', '<svg><style>rect{filter:drop-shadow(9px 9px)}</style></svg>'],
    ['a style sheet from elsewhere', '<?xml-stylesheet href="#a"?><svg/>'],
    ['what does not end', '<svg><g id="a'],
    ['named parts within one another', '<g id="a">'.repeat(100)],
  ])('are too many, or cannot be told: %s', (_, svg) => {
    expect(drawnElements(svg)).toBeGreaterThan(MAX_DRAWN_ELEMENTS);
  });

  it('are few in pictures that programs make: a board of pieces, a chart of gradients', () => {
    const board = `<svg><defs>${'<g id="k"><path d="M0 0"/><path/></g>'.repeat(12)}</defs>${'<use href="#k" x="1"/>'.repeat(64)}</svg>`;
    const chart = `<svg><linearGradient id="g"><stop/><stop/></linearGradient><marker id="m"><path/></marker>${'<rect fill="url(#g)" marker-end="url(#m)"/>'.repeat(2_000)}</svg>`;
    for (const svg of [board, chart]) expect(drawnElements(svg)).toBeLessThan(MAX_DRAWN_ELEMENTS);
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
  ])('are counted in a time that the length bounds: %j, many times', (unit) => {
    expectLinear(
      (length) => () => drawnElements(`<svg ${unit.repeat(length / unit.length)}`),
      3_000,
    );
  });
});

it('a picture is read from its address, however it is encoded', () => {
  expect(svgOf(`data:image/svg+xml,${encodeURIComponent('<svg>ö</svg>')}`)).toBe('<svg>ö</svg>');
  expect(svgOf('data:image/svg+xml;charset=utf-8;base64,PHN2Zy8+')).toBe('<svg/>');
  expect(svgOf('data:image/png;base64,AA==')).toBeNull();
  expect(drawnElements(svgOf('data:image/svg+xml,%') as string)).toBe(Number.POSITIVE_INFINITY);
});
