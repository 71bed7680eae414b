'use client';

import { type KeyboardEvent, useEffect, useRef } from 'react';
import { isComposing } from '@/lib/client/browser/is-composing';
import { LIMITS } from '@/lib/protocol/api';
import { isBlank } from '@/lib/protocol/is-blank';

type RenameFieldProps = {
  title: string;
  /** What is named, for those who do not see it. */
  label: string;
  /**
   * Called once, with the new title, or null where nothing is to change.
   * @param keptFocus whether the focus was in the field until then: else the user has put it elsewhere
   */
  onFinish: (title: string | null, keptFocus: boolean) => void;
};

/** A title being written anew: Enter or leaving the field keeps it, Escape does not. */
export function RenameField({ title, label, onFinish }: RenameFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const finished = useRef(false);
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);

  function finish(next: string | null, keptFocus: boolean) {
    // Leaving the page's focus behind blurs the field once more.
    if (finished.current) return;
    finished.current = true;
    const trimmed = next?.trim();
    onFinish(trimmed && !isBlank(trimmed) && trimmed !== title ? trimmed : null, keptFocus);
  }

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    if (isComposing(event)) return;
    if (event.key === 'Enter') finish(event.currentTarget.value, true);
    else if (event.key === 'Escape') finish(null, true);
    else return;
    // Escape would close the sheet around it as well.
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <input
      ref={input}
      aria-label={label}
      dir="auto"
      defaultValue={title}
      maxLength={LIMITS.titleChars}
      autoComplete="off"
      onKeyDown={onKeyDown}
      onBlur={(event) => finish(event.currentTarget.value, false)}
      className="h-full w-full rounded-md border border-input bg-field px-2 text-sm pointer-coarse:text-base"
    />
  );
}
