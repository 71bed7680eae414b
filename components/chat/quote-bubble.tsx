'use client';

import { Quote } from 'lucide-react';
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import { textOfRange } from '@/components/chat/selected-text';
import { useSelectedRange } from '@/components/chat/use-selected-range';
import { Button } from '@/components/ui/button';
import { isEditable } from '@/lib/client/browser/focus';
import { useSetExcerpt } from '@/lib/client/chat/draft/draft-name-context';
import { focusComposer } from '@/lib/client/chat/focus-composer';

/** Distance from the selection and from the edges of the conversation. */
const GAP_PX = 8;

/**
 * A button next to text that is selected in an answer: the next message quotes it. The next Tab
 * moves the focus there, Escape hides it. Default export, because it is lazy-loaded.
 */
export default function QuoteBubble() {
  const bubble = useRef<HTMLDivElement>(null);
  const { range, dismiss } = useSelectedRange(bubble);
  const setExcerpt = useSetExcerpt();
  usePosition(bubble, range);
  useKeys(bubble, range, dismiss);
  if (!range) return null;

  function quote() {
    const text = range ? textOfRange(range) : '';
    dismiss();
    if (text === '') return;
    setExcerpt({ text });
    getSelection()?.removeAllRanges();
    focusComposer();
  }
  return (
    <div
      ref={bubble}
      className="fixed top-0 left-0 z-30 animate-fade-in rounded-lg border bg-popover shadow-popover print:hidden"
    >
      <Button
        variant="ghost"
        size="sm"
        // Keeps the selection and the focus.
        onMouseDown={(event) => event.preventDefault()}
        onClick={quote}
      >
        <Quote /> Ask about this
      </Button>
    </div>
  );
}

/**
 * Places the bubble above the selection; on touch screens below it, because the system's own menu is
 * above. Hides it while the selection is scrolled out of view.
 */
function usePosition(bubble: RefObject<HTMLDivElement | null>, range: Range | null): void {
  useLayoutEffect(() => {
    if (!range) return;
    const update = () => {
      const { current: element } = bubble;
      const scroller = document.querySelector('#main [data-scroller]');
      if (!element || !scroller) return;
      const view = scroller.getBoundingClientRect();
      const selected = range.getBoundingClientRect();
      const { offsetWidth, offsetHeight } = element;
      const isBelow = matchMedia('(pointer: coarse)').matches;
      const top = isBelow ? selected.bottom + GAP_PX : selected.top - offsetHeight - GAP_PX;
      const left = selected.left + (selected.width - offsetWidth) / 2;
      const isInView = selected.bottom > view.top && selected.top < view.bottom;
      element.style.visibility = isInView ? '' : 'hidden';
      element.style.top = `${clamp(top, view.top, view.bottom - offsetHeight)}px`;
      element.style.left = `${clamp(left, view.left, view.right - offsetWidth)}px`;
    };
    update();
    addEventListener('scroll', update, { capture: true, passive: true });
    addEventListener('resize', update);
    return () => {
      removeEventListener('scroll', update, { capture: true });
      removeEventListener('resize', update);
    };
  }, [bubble, range]);
}

function clamp(value: number, min: number, max: number): number {
  return Math.max(min + GAP_PX, Math.min(value, max - GAP_PX));
}

/** The first Tab after selecting text moves the focus into the bubble. */
function useKeys(
  bubble: RefObject<HTMLDivElement | null>,
  range: Range | null,
  dismiss: () => void,
): void {
  const latestDismiss = useRef(dismiss);
  useEffect(() => {
    latestDismiss.current = dismiss;
  });
  useEffect(() => {
    if (!range) return;
    let isOffered = true;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'Escape') latestDismiss.current();
      if (event.key !== 'Tab') return;
      const isFirst = isOffered && !event.shiftKey && !isEditable(event.target);
      isOffered = false;
      if (!isFirst) return;
      event.preventDefault();
      bubble.current?.querySelector('button')?.focus();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [bubble, range]);
}
