/** Keeps the focus out of a frame whose page asks for it by script. */
import type { PointerReport } from '@/artifacts/code/preview/protocol';
import { isInteractiveFocused } from '@/lib/client/browser/focus';

/** The focus follows a press within this time. */
const PRESS_MS = 1_000;
/** A press is reported so long after the focus has moved: 20 ms on an idle machine. */
const REPORT_MS = 150;
/** A page that has taken the focus from a field so often is to be closed: a key may get lost each time. */
const MAX_TAKEN = 3;

export type FocusGuard = {
  /** Call it with what the frame reports: only the frame itself sees the pointer in it. */
  pointer: (report: PointerReport) => void;
  end: () => void;
};

/**
 * A page in a frame can take the focus at any time (`focus()`, a dialog, a fragment), and would get the
 * keys that the user types elsewhere. Returns the focus to where it was, unless the user went into the
 * frame by Tab or by a press. A press is waited for only where the pointer is in the frame. One that is
 * reported after the focus has been returned gives it to the frame again.
 * @param onExcess called when the page has taken the focus from a field MAX_TAKEN times without a press
 */
export function guardFocus(frame: HTMLIFrameElement, onExcess: () => void): FocusGuard {
  let owner = document.activeElement;
  let isTab = false;
  /** The last input of the user was a pointer in the frame. */
  let isNear = false;
  let pressedAt = Number.NEGATIVE_INFINITY;
  let returnedAt = Number.NEGATIVE_INFINITY;
  let taken = 0;

  const onFocusIn = ({ target }: Event) => {
    if (target === frame) return;
    owner = target as Element;
    isTab = false;
    pressedAt = Number.NEGATIVE_INFINITY;
  };
  const onKey = (event: KeyboardEvent) => {
    // An editor that takes Tab for itself prevents its default.
    isTab = event.type === 'keydown' && event.key === 'Tab' && !event.defaultPrevented;
    isNear = false;
  };
  const onPointer = ({ target }: Event) => {
    isNear = target === frame;
  };
  const isAllowed = () =>
    document.activeElement !== frame || isTab || performance.now() - pressedAt < PRESS_MS;
  // The window loses the focus to a frame; which one has it is known after the event.
  const onBlur = () =>
    setTimeout(() => {
      if (isAllowed()) return;
      if (isNear) setTimeout(() => isAllowed() || giveBack(), REPORT_MS);
      else giveBack();
    }, 0);
  function giveBack(): void {
    isNear = false;
    returnedAt = performance.now();
    if (owner?.isConnected && owner !== document.body) {
      (owner as HTMLElement).focus({ preventScroll: true });
    } else frame.blur();
    if (isInteractiveFocused() && ++taken >= MAX_TAKEN) onExcess();
  }

  addEventListener('focusin', onFocusIn);
  addEventListener('keydown', onKey);
  addEventListener('keyup', onKey);
  addEventListener('pointerover', onPointer);
  addEventListener('pointermove', onPointer);
  addEventListener('blur', onBlur);
  return {
    pointer(report) {
      isNear = true;
      if (report === 'near') return;
      taken = 0;
      pressedAt = performance.now();
      if (document.activeElement === frame || pressedAt - returnedAt >= PRESS_MS) return;
      frame.focus({ preventScroll: true });
    },
    end() {
      removeEventListener('focusin', onFocusIn);
      removeEventListener('keydown', onKey);
      removeEventListener('keyup', onKey);
      removeEventListener('pointerover', onPointer);
      removeEventListener('pointermove', onPointer);
      removeEventListener('blur', onBlur);
    },
  };
}
