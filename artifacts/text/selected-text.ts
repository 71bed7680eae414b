import { useEffect, useState } from 'react';

/** On a touch screen the browser's own menu is above what is selected. */
export function bubbleSide(): 'above' | 'below' {
  return matchMedia('(pointer: coarse)').matches ? 'below' : 'above';
}

/**
 * What is selected of a part of the page, once the pointer is up; null where nothing is.
 * @param wanted whether anybody asks
 */
export function useSelectedRange(part: HTMLElement | null, wanted: boolean): Range | null {
  const [range, setRange] = useState<Range | null>(null);
  useEffect(() => {
    if (!part || !wanted) return;
    let pressed = false;
    const look = () => setRange(pressed ? null : rangeWithin(part));
    const press = (event: PointerEvent) => {
      // By touch the browser selects after a long press, and moves the ends with handles of its own.
      pressed = event.pointerType === 'mouse' && part.contains(event.target as Node);
    };
    const release = () => {
      if (!pressed) return;
      pressed = false;
      look();
    };
    document.addEventListener('selectionchange', look);
    document.addEventListener('pointerdown', press);
    document.addEventListener('pointerup', release);
    document.addEventListener('pointercancel', release);
    return () => {
      document.removeEventListener('selectionchange', look);
      document.removeEventListener('pointerdown', press);
      document.removeEventListener('pointerup', release);
      document.removeEventListener('pointercancel', release);
      setRange(null);
    };
  }, [part, wanted]);
  return range;
}

function rangeWithin(part: HTMLElement): Range | null {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0).cloneRange();
  if (!part.contains(range.startContainer)) return null;
  if (!part.contains(range.endContainer)) range.setEnd(part, part.childNodes.length);
  else if (range.endOffset === 0) endBefore(range, part);
  return range.toString().trim() === '' ? null : range;
}

/** The third click selects up to the beginning of the next line: that one is not meant. */
function endBefore(range: Range, part: HTMLElement): void {
  const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  texts.currentNode = range.endContainer;
  let text = texts.previousNode();
  while (text && text.textContent?.trim() === '') text = texts.previousNode();
  if (text && range.comparePoint(text, 0) >= 0) range.setEnd(text, text.textContent?.length ?? 0);
}
