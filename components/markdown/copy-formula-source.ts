import { isEditable } from '@/lib/client/browser/focus';

/** Copies formulas as their source: a rendered formula contains its text twice and in fragments. */
const FORMULA_SELECTOR = '[data-tex]';

/** Makes the page copy formulas as their source. Idempotent. */
export function installFormulaCopyHandler(): void {
  document.addEventListener('copy', onCopy);
}

/**
 * Puts the selection on the clipboard, with the whole source of each formula in place of its
 * rendering.
 */
function onCopy(event: ClipboardEvent): void {
  const { target, clipboardData } = event;
  if (!clipboardData || isEditable(target)) return;
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return;
  const range = selection.getRangeAt(0).cloneRange();
  const first = closestFormula(range.startContainer);
  const last = closestFormula(range.endContainer);
  if (first) range.setStartBefore(first);
  if (last) range.setEndAfter(last);
  const copied = range.cloneContents();
  if (!copied.querySelector(FORMULA_SELECTOR)) return;
  for (const formula of copied.querySelectorAll<HTMLElement>(FORMULA_SELECTOR)) {
    formula.replaceChildren(formulaSource(formula));
  }
  const container = document.createElement('div');
  container.append(copied);
  clipboardData.setData('text/html', container.innerHTML);
  clipboardData.setData('text/plain', visibleText(container));
  event.preventDefault();
}

function closestFormula(node: globalThis.Node): Element | null {
  const element = node instanceof Element ? node : node.parentElement;
  return element?.closest(FORMULA_SELECTOR) ?? null;
}

function formulaSource({ dataset }: HTMLElement): string {
  const tex = dataset.tex ?? '';
  return dataset.display ? `$$\n${tex}\n$$` : `$${tex}$`;
}

/**
 * Returns the text as the browser would copy it. That requires layout, so the container is attached
 * invisibly.
 */
function visibleText(container: HTMLElement): string {
  container.style.cssText =
    'position:fixed;inset:0;opacity:0;pointer-events:none;white-space:pre-wrap';
  container.setAttribute('aria-hidden', 'true');
  document.body.append(container);
  // biome-ignore lint/performance/useDomNodeTextContent: innerText has the line breaks of blocks, like a copy
  const text = container.innerText;
  container.remove();
  return text;
}
