import { cloneWithFormulaSources, visibleText } from '@/components/markdown/visible-text';
import { isEditable } from '@/lib/client/browser/focus';

/** Makes the page copy formulas as their source. Idempotent. */
export function installFormulaCopyHandler(): void {
  document.addEventListener('copy', onCopy);
}

/** Puts the selection on the clipboard if it contains formulas. */
function onCopy(event: ClipboardEvent): void {
  const { target, clipboardData } = event;
  if (!clipboardData || isEditable(target)) return;
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return;
  const { contents, hasFormulas } = cloneWithFormulaSources(selection.getRangeAt(0));
  if (!hasFormulas) return;
  const container = document.createElement('div');
  container.append(contents);
  clipboardData.setData('text/html', container.innerHTML);
  clipboardData.setData('text/plain', visibleText(container));
  event.preventDefault();
}
