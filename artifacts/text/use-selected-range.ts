import { useEffect, useState } from 'react';

/** On a touch screen the browser's own menu is above what is selected. */
export function selectionCardSide(): 'above' | 'below' {
  return matchMedia('(pointer: coarse)').matches ? 'below' : 'above';
}

/**
 * What is selected of a part of the page, once the pointer is up; null where nothing is.
 * @param isEnabled whether anybody asks
 */
export function useSelectedRange(container: HTMLElement | null, isEnabled: boolean): Range | null {
  const [range, setRange] = useState<Range | null>(null);
  useEffect(() => {
    if (!container || !isEnabled) return;
    let isPointerDown = false;
    const update = () => setRange(isPointerDown ? null : selectedRangeWithin(container));
    const onPointerDown = (event: PointerEvent) => {
      // By touch the browser selects after a long press, and moves the ends with handles of its own.
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

function selectedRangeWithin(part: HTMLElement): Range | null {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0).cloneRange();
  if (!part.contains(range.startContainer)) return null;
  if (!part.contains(range.endContainer)) range.setEnd(part, part.childNodes.length);
  else if (range.endOffset === 0) trimRangeEnd(range, part);
  return range.toString().trim() === '' ? null : range;
}

/** The third click selects up to the beginning of the next line: that one is not meant. */
function trimRangeEnd(range: Range, part: HTMLElement): void {
  const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  texts.currentNode = range.endContainer;
  let text = texts.previousNode();
  while (text && text.textContent?.trim() === '') text = texts.previousNode();
  if (text && range.comparePoint(text, 0) >= 0) range.setEnd(text, text.textContent?.length ?? 0);
}
