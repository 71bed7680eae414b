import { useEffect, useState } from 'react';

/** On touch screens the browser's own menu is above the selection. */
export function selectionCardSide(): 'above' | 'below' {
  return matchMedia('(pointer: coarse)').matches ? 'below' : 'above';
}

/**
 * Returns the selected range within the container once the pointer is up; null if there is none.
 * @param isEnabled false disables tracking
 */
export function useSelectedRange(container: HTMLElement | null, isEnabled: boolean): Range | null {
  const [range, setRange] = useState<Range | null>(null);
  useEffect(() => {
    if (!container || !isEnabled) return;
    let isPointerDown = false;
    const update = () => setRange(isPointerDown ? null : selectedRangeWithin(container));
    const onPointerDown = (event: PointerEvent) => {
      // Touch selection (long press, handles) is controlled by the browser.
      isPointerDown = event.pointerType === 'mouse' && container.contains(event.target as Node);
    };
    const onPointerUp = () => {
      if (!isPointerDown) return;
      isPointerDown = false;
      update();
    };
    document.addEventListener('selectionchange', update);
    document.addEventListener('pointerdown', onPointerDown);
    document.addEventListener('pointerup', onPointerUp);
    document.addEventListener('pointercancel', onPointerUp);
    return () => {
      document.removeEventListener('selectionchange', update);
      document.removeEventListener('pointerdown', onPointerDown);
      document.removeEventListener('pointerup', onPointerUp);
      document.removeEventListener('pointercancel', onPointerUp);
      setRange(null);
    };
  }, [container, isEnabled]);
  return range;
}

function selectedRangeWithin(container: HTMLElement): Range | null {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0).cloneRange();
  if (!container.contains(range.startContainer)) return null;
  if (!container.contains(range.endContainer)) range.setEnd(container, container.childNodes.length);
  else if (range.endOffset === 0) trimRangeEnd(range, container);
  return range.toString().trim() === '' ? null : range;
}

/** Excludes the next line: a triple click selects up to its start. */
function trimRangeEnd(range: Range, container: HTMLElement): void {
  const texts = document.createTreeWalker(container, NodeFilter.SHOW_TEXT);
  texts.currentNode = range.endContainer;
  let text = texts.previousNode();
  while (text && text.textContent?.trim() === '') text = texts.previousNode();
  if (text && range.comparePoint(text, 0) >= 0) range.setEnd(text, text.textContent?.length ?? 0);
}
