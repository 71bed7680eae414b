/** Converts a selection in rendered Markdown back to Markdown. */
import { DOMParser } from 'prosemirror-model';
import { sliceToMarkdown } from '@/artifacts/text/editor/clipboard';
import { schema } from '@/artifacts/text/editor/schema';

/** Returns the Markdown of a range of rendered Markdown. */
export function rangeToMarkdown(range: Range): string {
  // A selection within code is its plain text.
  if (closestElement(range.commonAncestorContainer)?.closest('pre, code')) return range.toString();
  const container = document.createElement('div');
  container.append(expandToFormulas(range).cloneContents());
  for (const heading of container.querySelectorAll('figcaption')) heading.remove();
  for (const formula of container.querySelectorAll('.katex')) {
    const tex = formula.querySelector('annotation')?.textContent ?? formula.textContent ?? '';
    const delimiter = formula.closest('.katex-display') ? '$$' : '$';
    const source = document.createElement('span');
    source.dataset.raw = '';
    source.textContent = `${delimiter}${tex}${delimiter}`;
    formula.replaceWith(source);
  }
  return sliceToMarkdown(DOMParser.fromSchema(schema).parseSlice(container));
}

function expandToFormulas(range: Range): Range {
  const expanded = range.cloneRange();
  const first = closestElement(range.startContainer)?.closest('.katex');
  const last = closestElement(range.endContainer)?.closest('.katex');
  if (first) expanded.setStartBefore(first);
  if (last) expanded.setEndAfter(last);
  return expanded;
}

function closestElement(node: Node): Element | null {
  return node instanceof Element ? node : node.parentElement;
}
