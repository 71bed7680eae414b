/**
 * Maths is not Markdown: `$a_1 * b_2$` would be read as emphasis. So each formula is replaced by
 * characters that mean nothing, as many as it has, while Markdown is parsed; places stay as they are.
 */
import { findMaths, type Maths } from '@/lib/client/markdown/features';

const OPEN = '\uE000';
const FILL = '\uE001';
const DIGIT = 0xe100;
const BASE = 2048;
const COVERED = /\uE000([\uE100-\uE8FF])([\uE100-\uE8FF])\uE001*/g;

export type Covered = {
  /** As long as the text. */
  text: string;
  /** What was in the text, cut where formulas begin and end. */
  pieces: (covered: string) => Piece[];
  /** What was in the text. */
  uncover: (covered: string) => string;
};

export type Piece = {
  text: string;
  maths: boolean;
  /** A formula that has its lines to itself. */
  alone: boolean;
};

export function coverMaths(text: string): Covered {
  // Nobody writes these characters; whoever does has no maths.
  const found = text.includes(OPEN) ? [] : findMaths(text).filter((maths) => fits(text, maths));
  let covered = '';
  let at = 0;
  for (const [index, { from, to }] of found.entries()) {
    const digits = String.fromCharCode(DIGIT + Math.floor(index / BASE), DIGIT + (index % BASE));
    covered += text.slice(at, from) + (OPEN + digits).padEnd(to - from, FILL);
    at = to;
  }
  covered += text.slice(at);

  const written = (high: string, low: string) => {
    const maths = found[(high.charCodeAt(0) - DIGIT) * BASE + low.charCodeAt(0) - DIGIT];
    return { maths, text: maths ? dedented(text, maths) : '' };
  };
  function pieces(part: string): Piece[] {
    const result: Piece[] = [];
    let end = 0;
    for (const match of found.length > 0 ? part.matchAll(COVERED) : []) {
      const { maths, text: tex } = written(match[1] as string, match[2] as string);
      if (match.index > end) result.push(plain(part.slice(end, match.index)));
      result.push({ text: tex, maths: true, alone: maths !== undefined && isAlone(text, maths) });
      end = match.index + match[0].length;
    }
    if (end < part.length) result.push(plain(part.slice(end)));
    return result;
  }
  return {
    text: covered,
    pieces,
    uncover: (part) =>
      pieces(part)
        .map((piece) => piece.text)
        .join(''),
  };
}

function plain(text: string): Piece {
  return { text, maths: false, alone: false };
}

function isAlone(text: string, { from, to, display }: Maths): boolean {
  return (
    display &&
    indentBefore(text, from).trim() === '' &&
    /^[^\S\n]*(?:\n|$)/.test(text.slice(to, to + 80))
  );
}

/** Within a quotation a formula would hold the quotation's signs, and one in a line has no blank ones. */
function fits(text: string, maths: Maths): boolean {
  const written = text.slice(maths.from, maths.to);
  if (/\n[^\S\n]*>/.test(written)) return false;
  return isAlone(text, maths) || !/\n[^\S\n]*\n/.test(written);
}

/** Without the indentation of the list that it stands in. */
function dedented(text: string, { from, to }: Maths): string {
  const indent = indentBefore(text, from);
  const written = text.slice(from, to);
  return indent ? written.replaceAll(`\n${indent}`, '\n') : written;
}

function indentBefore(text: string, at: number): string {
  return text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
}
