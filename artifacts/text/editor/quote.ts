/** What is selected of a text that is read. */
import { DOMParser } from 'prosemirror-model';
import { markdownOf } from '@/artifacts/text/editor/clipboard';
import { schema } from '@/artifacts/text/editor/schema';

/** A piece of a text as it is shown, as Markdown. */
export function markdownOfRange(range: Range): string {
  // Code is what it says.
  if (elementOf(range.commonAncestorContainer)?.closest('pre, code')) return range.toString();
  const place = document.createElement('div');
  place.append(withWholeFormulas(range).cloneContents());
  for (const heading of place.querySelectorAll('figcaption')) heading.remove();
  for (const formula of place.querySelectorAll('.katex')) {
    const tex = formula.querySelector('annotation')?.textContent ?? formula.textContent ?? '';
    const sign = formula.closest('.katex-display') ? '$$' : '$';
    const written = document.createElement('span');
    written.dataset.raw = '';
    written.textContent = `${sign}${tex}${sign}`;
    formula.replaceWith(written);
  }
  return markdownOf(DOMParser.fromSchema(schema).parseSlice(place));
}

function withWholeFormulas(range: Range): Range {
  const whole = range.cloneRange();
  const first = elementOf(range.startContainer)?.closest('.katex');
  const last = elementOf(range.endContainer)?.closest('.katex');
  if (first) whole.setStartBefore(first);
  if (last) whole.setEndAfter(last);
  return whole;
}

function elementOf(node: Node): Element | null {
  return node instanceof Element ? node : node.parentElement;
}
