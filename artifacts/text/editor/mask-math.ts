/**
 * Masks math while Markdown is parsed: `$a_1 * b_2$` would be read as emphasis. Each formula is
 * replaced by as many private-use characters. The text is also prepared as for the page, so that
 * the editor finds the same links and table cells; this inserts characters, but no lines.
 */
import { findMath, type MathSpan } from '@/lib/client/markdown/find-math';
import { preprocessLines, removePlaceholders } from '@/lib/client/markdown/page-syntax';

const MASK_START = '\uE000';
const MASK_FILL = '\uE001';
const MASK_DIGIT_BASE = 0xe100;
const MASK_RADIX = 2048;
const MASKED_SPAN = /\uE000([\uE100-\uE8FF])([\uE100-\uE8FF])\uE001*/g;

export type MaskedText = {
  /** The masked text, as long as the original. */
  masked: string;
  /** The masked text to be parsed: with more characters, but the same lines. */
  text: string;
  /** Unmasks a part, split at the edges of formulas. */
  split: (masked: string) => TextRun[];
  /** Returns the original of a part. */
  unmask: (masked: string) => string;
};

export type TextRun = {
  text: string;
  isMath: boolean;
  /** Whether it is a formula on lines of its own. */
  isDisplay: boolean;
};

export function maskMath(text: string): MaskedText {
  // Texts that contain the private-use character get no math.
  const spans = text.includes(MASK_START)
    ? []
    : findMath(text).filter((span) => canMask(text, span));
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
    const span =
      spans[
        (high.charCodeAt(0) - MASK_DIGIT_BASE) * MASK_RADIX + low.charCodeAt(0) - MASK_DIGIT_BASE
      ];
    return { span, text: span ? withoutIndent(text, span) : '' };
  };
  function split(maskedPart: string): TextRun[] {
    const part = removePlaceholders(maskedPart);
    const result: TextRun[] = [];
    let end = 0;
    for (const match of spans.length > 0 ? part.matchAll(MASKED_SPAN) : []) {
      const { span, text: tex } = originalOf(match[1] as string, match[2] as string);
      if (match.index > end) result.push(plainRun(part.slice(end, match.index)));
      result.push({
        text: tex,
        isMath: true,
        isDisplay: span !== undefined && isDisplayMath(text, span),
      });
      end = match.index + match[0].length;
    }
    if (end < part.length) result.push(plainRun(part.slice(end)));
    return result;
  }
  return {
    masked,
    text: preprocessLines(masked),
    split,
    unmask: (part) =>
      split(part)
        .map((run) => run.text)
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

/** Rejects formulas that would contain quotation markers, and inline formulas with blank lines. */
function canMask(text: string, span: MathSpan): boolean {
  const source = text.slice(span.from, span.to);
  if (hasQuotationMarker(source)) return false;
  return isDisplayMath(text, span) || !/\n[^\S\n]*\n/.test(source);
}

function hasQuotationMarker(source: string): boolean {
  return /\n[^\S\n]*>/.test(source);
}

/** Whether a formula spans lines of a quotation: its markers prevent masking. */
export function hasQuotedFormula(text: string): boolean {
  return findMath(text).some(({ from, to }) => hasQuotationMarker(text.slice(from, to)));
}

/** Returns the formula without the indentation of its list item. */
function withoutIndent(text: string, { from, to }: MathSpan): string {
  const indent = indentBefore(text, from);
  const source = text.slice(from, to);
  return indent ? source.replaceAll(`\n${indent}`, '\n') : source;
}

function indentBefore(text: string, position: number): string {
  return text.slice(text.lastIndexOf('\n', position - 1) + 1, position);
}
