/** Formulas of the page: a rendered one contains its text twice and in fragments. */
const FORMULA_SELECTOR = '[data-tex]';

/**
 * Returns a copy of the range with the whole source of each formula in place of its rendering, also
 * if the range contains only a part of it.
 */
export function cloneWithFormulaSources(original: Range): {
  contents: DocumentFragment;
  hasFormulas: boolean;
} {
  const range = original.cloneRange();
  const first = closestFormula(range.startContainer);
  const last = closestFormula(range.endContainer);
  if (first) range.setStartBefore(first);
  if (last) range.setEndAfter(last);
  const contents = range.cloneContents();
  const formulas = contents.querySelectorAll<HTMLElement>(FORMULA_SELECTOR);
  for (const formula of formulas) formula.replaceChildren(formulaSource(formula));
  return { contents, hasFormulas: formulas.length > 0 };
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
export function visibleText(container: HTMLElement): string {
  container.style.cssText =
    'position:fixed;inset:0;opacity:0;pointer-events:none;white-space:pre-wrap';
  container.setAttribute('aria-hidden', 'true');
  document.body.append(container);
  // biome-ignore lint/performance/useDomNodeTextContent: innerText has the line breaks of blocks, like a copy
  const text = container.innerText;
  container.remove();
  return text;
}
