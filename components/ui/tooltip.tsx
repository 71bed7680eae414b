'use client';

import {
  cloneElement,
  type DOMAttributes,
  type ReactElement,
  useEffect,
  useRef,
  useState,
} from 'react';
import { createPortal } from 'react-dom';
import { Kbd } from './kbd';

const OPEN_DELAY_MS = 500;
/** Moving from one button to the next within this time opens the next tooltip immediately. */
const SKIP_DELAY_MS = 300;
const GAP_PX = 6;
const VIEWPORT_MARGIN_PX = 8;

let lastClosedAt = 0;

type Side = 'top' | 'bottom' | 'right';

type TooltipProps = {
  label: string;
  /** A shortcut displayed after the label, in tinykeys notation, such as "$mod+Shift+O". */
  keys?: string | undefined;
  side?: Side;
  /** One focusable element with its own accessible name (aria-label). */
  children: ReactElement<Handlers>;
};

type Handlers = DOMAttributes<HTMLElement>;

/**
 * Displays what a button does, on hover and keyboard focus. Hidden from screen readers: the button
 * has its own accessible name. About 1 kB, instead of a positioning library in the initial bundle.
 */
export function Tooltip({ label, keys, side = 'top', children }: TooltipProps) {
  const [anchor, setAnchor] = useState<Element | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  function open(element: Element, delayMs: number) {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setAnchor(element), delayMs);
  }
  function close() {
    clearTimeout(timer.current);
    if (anchor) lastClosedAt = Date.now();
    setAnchor(null);
  }

  const childProps = children.props;
  return (
    <>
      {cloneElement(children, {
        onPointerEnter: composeHandlers(childProps.onPointerEnter, (event) => {
          if (event.pointerType === 'touch') return;
          open(event.currentTarget, Date.now() - lastClosedAt < SKIP_DELAY_MS ? 0 : OPEN_DELAY_MS);
        }),
        onPointerLeave: composeHandlers(childProps.onPointerLeave, close),
        onPointerDown: composeHandlers(childProps.onPointerDown, close),
        onFocus: composeHandlers(childProps.onFocus, ({ currentTarget }) => {
          if (currentTarget.matches(':focus-visible')) open(currentTarget, 0);
        }),
        onBlur: composeHandlers(childProps.onBlur, close),
        onKeyDown: composeHandlers(childProps.onKeyDown, close),
      })}
      {anchor && (
        <TooltipBubble anchor={anchor} label={label} keys={keys} side={side} onEscape={close} />
      )}
    </>
  );
}

function composeHandlers<E>(
  childHandler: ((event: E) => void) | undefined,
  handler: (event: E) => void,
) {
  return (event: E) => {
    childHandler?.(event);
    handler(event);
  };
}

function TooltipBubble({
  anchor,
  label,
  keys,
  side,
  onEscape,
}: Omit<TooltipProps, 'children'> & { anchor: Element; side: Side; onEscape: () => void }) {
  useEffect(() => {
    // With the pointer on the anchor, the focus is elsewhere. Captured: others stop the event.
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'Escape') onEscape();
    };
    document.addEventListener('keydown', onKeyDown, { capture: true });
    return () => document.removeEventListener('keydown', onKeyDown, { capture: true });
  }, [onEscape]);
  function position(bubble: HTMLDivElement | null) {
    if (!bubble) return;
    const { x, y } = computePosition(anchor.getBoundingClientRect(), bubble, side);
    bubble.style.translate = `${x}px ${y}px`;
  }
  return createPortal(
    <div
      ref={position}
      aria-hidden="true"
      className="pointer-events-none fixed top-0 left-0 z-60 flex animate-fade-in items-center gap-2 whitespace-nowrap rounded-md border border-transparent bg-foreground px-2 py-1 text-background text-xs"
    >
      {label}
      {keys && <Kbd keys={keys} className="border-background/30 text-background/80" />}
    </div>,
    document.body,
  );
}

/**
 * Returns the bubble's position in viewport pixels: on the requested side, or on the opposite one
 * if there is not enough space above or below, and within the viewport horizontally.
 */
function computePosition(rect: DOMRect, bubble: HTMLElement, side: Side): { x: number; y: number } {
  const { offsetWidth: width, offsetHeight: height } = bubble;
  const x = side === 'right' ? rect.right + GAP_PX : rect.left + (rect.width - width) / 2;
  const above = rect.top - height - GAP_PX;
  const below = rect.bottom + GAP_PX;
  let y = rect.top + (rect.height - height) / 2;
  if (side === 'top') y = above < VIEWPORT_MARGIN_PX ? below : above;
  if (side === 'bottom') y = below + height > innerHeight - VIEWPORT_MARGIN_PX ? above : below;
  return {
    x: Math.round(
      Math.max(VIEWPORT_MARGIN_PX, Math.min(x, innerWidth - width - VIEWPORT_MARGIN_PX)),
    ),
    y: Math.round(y),
  };
}
