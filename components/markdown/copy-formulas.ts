import { isEditable } from '@/lib/client/focus';

/** Formulas as they were written, in what is copied of them: drawn, each is there twice and in pieces. */
const FORMULA = '[data-tex]';

/** Has the page copy formulas as they were written; more than once is as once. */
export function copyFormulasAsWritten(): void {
  document.addEventListener('copy', copyWithFormulas);
}

/** Puts the selection on the clipboard with the source of each formula in it, once and whole. */
function copyWithFormulas(event: ClipboardEvent): void {
  const { target, clipboardData } = event;
  if (!clipboardData || isEditable(target)) return;
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return;
  const range = selection.getRangeAt(0).cloneRange();
  const first = formulaAround(range.startContainer);
  const last = formulaAround(range.endContainer);
  if (first) range.setStartBefore(first);
  if (last) range.setEndAfter(last);
  const copied = range.cloneContents();
  if (!copied.querySelector(FORMULA)) return;
  for (const formula of copied.querySelectorAll<HTMLElement>(FORMULA)) {
    formula.replaceChildren(writtenOf(formula));
  }
  const holder = document.createElement('div');
  holder.append(copied);
  clipboardData.setData('text/html', holder.innerHTML);
  clipboardData.setData('text/plain', textOf(holder));
  event.preventDefault();
}

function formulaAround(node: globalThis.Node): Element | null {
  const element = node instanceof Element ? node : node.parentElement;
  return element?.closest(FORMULA) ?? null;
}

function writtenOf({ dataset }: HTMLElement): string {
  const tex = dataset.tex ?? '';
  return dataset.display ? `$$\n${tex}\n$$` : `$${tex}$`;
}

/** As the browser would copy it: that needs it laid out, and nobody sees it there. */
function textOf(holder: HTMLElement): string {
  holder.style.cssText =
    'position:fixed;inset:0;opacity:0;pointer-events:none;white-space:pre-wrap';
  holder.setAttribute('aria-hidden', 'true');
  document.body.append(holder);
  // biome-ignore lint/performance/useDomNodeTextContent: with the line breaks of blocks, as a copy has them
  const text = holder.innerText;
  holder.remove();
  return text;
}
