/** Prevents the page in an iframe from taking the focus by script. */
import type { PointerReport } from '@/artifacts/code/preview/protocol';
import { isInteractiveFocused } from '@/lib/client/browser/focus';

/** A press allows focus changes for this long. */
const PRESS_MS = 1_000;
/** The report of a press may arrive this long after the focus change: 20 ms on an idle machine. */
const REPORT_DELAY_MS = 150;
/** How often a page may take the focus from a field: each time, keystrokes may be lost. */
const MAX_STEALS = 3;

export type FocusGuard = {
  /** Call it with each report of the iframe: only the iframe receives its pointer events. */
  onPointer: (report: PointerReport) => void;
  dispose: () => void;
};

/**
 * Restores the focus when the page in an iframe takes it. A page can do so at any time (`focus()`, a
 * dialog, a fragment) and would receive what the user types elsewhere. Tab and a press in the iframe
 * allow the change. The guard waits for the report of a press only if the pointer is in the iframe.
 * If the report arrives after the focus was restored, the iframe gets the focus again.
 * @param onExcess called when the page has taken the focus from a field MAX_STEALS times without a press
 */
export function guardFocus(frame: HTMLIFrameElement, onExcess: () => void): FocusGuard {
  let lastFocused = document.activeElement;
  let isTabPressed = false;
  /** Whether the user's last input was the pointer in the iframe. */
  let isPointerInFrame = false;
  let pressedAt = Number.NEGATIVE_INFINITY;
  let restoredAt = Number.NEGATIVE_INFINITY;
  let stealCount = 0;

  const onFocusIn = ({ target }: Event) => {
    if (target === frame) return;
    lastFocused = target as Element;
    isTabPressed = false;
    pressedAt = Number.NEGATIVE_INFINITY;
  };
  const onKey = (event: KeyboardEvent) => {
    // An editor that handles Tab itself prevents the default action.
    isTabPressed = event.type === 'keydown' && event.key === 'Tab' && !event.defaultPrevented;
    isPointerInFrame = false;
  };
  const onPointer = ({ target }: Event) => {
    isPointerInFrame = target === frame;
  };
  const isAllowed = () =>
    document.activeElement !== frame || isTabPressed || performance.now() - pressedAt < PRESS_MS;
  // The window loses the focus to an iframe. The active element changes only after this event.
  const onBlur = () =>
    setTimeout(() => {
      if (isAllowed()) return;
      if (isPointerInFrame) setTimeout(() => isAllowed() || restoreFocus(), REPORT_DELAY_MS);
      else restoreFocus();
    }, 0);
  function restoreFocus(): void {
    isPointerInFrame = false;
    restoredAt = performance.now();
    if (lastFocused?.isConnected && lastFocused !== document.body) {
      (lastFocused as HTMLElement).focus({ preventScroll: true });
    } else frame.blur();
    if (isInteractiveFocused() && ++stealCount >= MAX_STEALS) onExcess();
  }

  addEventListener('focusin', onFocusIn);
  addEventListener('keydown', onKey);
  addEventListener('keyup', onKey);
  addEventListener('pointerover', onPointer);
  addEventListener('pointermove', onPointer);
  addEventListener('blur', onBlur);
  return {
    onPointer(report) {
      isPointerInFrame = true;
      if (report === 'moved') return;
      stealCount = 0;
      pressedAt = performance.now();
      if (document.activeElement === frame || pressedAt - restoredAt >= PRESS_MS) return;
      frame.focus({ preventScroll: true });
    },
    dispose() {
      removeEventListener('focusin', onFocusIn);
      removeEventListener('keydown', onKey);
      removeEventListener('keyup', onKey);
      removeEventListener('pointerover', onPointer);
      removeEventListener('pointermove', onPointer);
      removeEventListener('blur', onBlur);
    },
  };
}
