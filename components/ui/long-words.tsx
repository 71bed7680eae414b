import { Fragment, type ReactNode } from 'react';

/**
 * Longer than the words of any language, and than what Thai, which puts spaces only between phrases,
 * usually writes without one; short enough to be shaped again for each line of it.
 */
const LONGEST_WORD = 500;

/**
 * Runs of letters whose shape depends on their neighbors: Arabic and N'Ko, the scripts of India and
 * Southeast Asia, Mongolian. Before each line break the browser shapes the rest of the run again:
 * 50,000 letters block the page for 8 s, 200,000 for minutes.
 */
const ROW = new RegExp(`[\\u0590-\\u1fff\\u{10800}-\\u{1efff}]{${LONGEST_WORD}}`, 'gu');

/** Returns the text with line break opportunities within runs that are longer than any word. */
export function withBreaks(text: string): ReactNode {
  if (text.length < LONGEST_WORD) return text;
  const pieces: ReactNode[] = [];
  let at = 0;
  for (const { 0: row, index } of text.matchAll(ROW)) {
    const end = index + row.length;
    pieces.push(
      <Fragment key={index}>
        {text.slice(at, end)}
        <wbr />
      </Fragment>,
    );
    at = end;
  }
  return at === 0 ? text : [...pieces, text.slice(at)];
}
