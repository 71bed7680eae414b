/**
 * Maths is not Markdown: `$a_1 * b_2$` would be read as emphasis. So each formula is replaced by
 * characters that mean nothing, as many as it has, while Markdown is parsed; places stay as they are.
 */
import { findMath, type MathSpan } from '@/lib/client/markdown/find-math';

const MASK_START = '\uE000';
const MASK_FILL = '\uE001';
const MASK_DIGIT_BASE = 0xe100;
const MASK_RADIX = 2048;
const MASKED_SPAN = /\uE000([\uE100-\uE8FF])([\uE100-\uE8FF])\uE001*/g;

export type MaskedText = {
  /** As long as the text. */
  text: string;
  /** What was in the text, cut where formulas begin and end. */
  split: (covered: string) => TextRun[];
  /** What was in the text. */
  unmask: (covered: string) => string;
};

export type TextRun = {
  text: string;
  isMath: boolean;
  /** A formula that has its lines to itself. */
  isDisplay: boolean;
};

export function maskMath(text: string): MaskedText {
  // Nobody writes these characters; whoever does has no maths.
  const spans = text.includes(MASK_START)
    ? []
    : findMath(text).filter((maths) => canMask(text, maths));
  let masked = '';
  let position = 0;
  for (const [index, { from, to }] of spans.entries()) {
    const digits = String.fromCharCode(
      MASK_DIGIT_BASE + Math.floor(index / MASK_RADIX),
      MASK_DIGIT_BASE + (index % MASK_RADIX),
    );
    masked += text.slice(position, from) + (MASK_START + digits).padEnd(to - from, MASK_FILL);
    position = to;
  }
  masked += text.slice(position);

  const originalOf = (high: string, low: string) => {
    const maths =
      spans[
        (high.charCodeAt(0) - MASK_DIGIT_BASE) * MASK_RADIX + low.charCodeAt(0) - MASK_DIGIT_BASE
      ];
    return { maths, text: maths ? withoutIndent(text, maths) : '' };
  };
  function split(part: string): TextRun[] {
    const result: TextRun[] = [];
    let end = 0;
    for (const match of spans.length > 0 ? part.matchAll(MASKED_SPAN) : []) {
      const { maths, text: tex } = originalOf(match[1] as string, match[2] as string);
      if (match.index > end) result.push(plainRun(part.slice(end, match.index)));
      result.push({
        text: tex,
        isMath: true,
        isDisplay: maths !== undefined && isDisplayMath(text, maths),
      });
      end = match.index + match[0].length;
    }
    if (end < part.length) result.push(plainRun(part.slice(end)));
    return result;
  }
  return {
    text: masked,
    split,
    unmask: (part) =>
      split(part)
        .map((piece) => piece.text)
        .join(''),
  };
}

function plainRun(text: string): TextRun {
  return { text, isMath: false, isDisplay: false };
}

function isDisplayMath(text: string, { from, to, display }: MathSpan): boolean {
  return (
    display &&
    indentBefore(text, from).trim() === '' &&
    /^[^\S\n]*(?:\n|$)/.test(text.slice(to, to + 80))
  );
}

/** Within a quotation a formula would hold the quotation's signs, and one in a line has no blank ones. */
function canMask(text: string, maths: MathSpan): boolean {
  const written = text.slice(maths.from, maths.to);
  if (/\n[^\S\n]*>/.test(written)) return false;
  return isDisplayMath(text, maths) || !/\n[^\S\n]*\n/.test(written);
}

/** Without the indentation of the list that it stands in. */
function withoutIndent(text: string, { from, to }: MathSpan): string {
  const indent = indentBefore(text, from);
  const written = text.slice(from, to);
  return indent ? written.replaceAll(`\n${indent}`, '\n') : written;
}

function indentBefore(text: string, position: number): string {
  return text.slice(text.lastIndexOf('\n', position - 1) + 1, position);
}
