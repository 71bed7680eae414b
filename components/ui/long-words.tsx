import { Fragment, type ReactNode } from 'react';

/** No word of any language is longer. */
const LONGEST_WORD = 100;

/**
 * Letters of scripts whose shape depends on their neighbours, in a row: Arabic and N'Ko, the scripts of
 * India and South-East Asia, Mongolian. Before each line break the browser shapes the rest of such a row
 * anew: 50,000 letters hold up the page for 8 s, 200,000 for minutes.
 */
const ROW = new RegExp(`[\\u0590-\\u1fff\\u{10800}-\\u{1efff}]{${LONGEST_WORD}}`, 'gu');

/** The text, with places where a line may break within what is longer than any word. */
export function withBreaks(text: string): ReactNode {
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
