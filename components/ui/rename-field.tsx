'use client';

import { type KeyboardEvent, useEffect, useRef } from 'react';
import { isComposing } from '@/lib/client/browser/is-composing';
import { LIMITS } from '@/lib/protocol/api';
import { isBlank } from '@/lib/protocol/is-blank';

type RenameFieldProps = {
  title: string;
  /** Accessible name of the field. */
  label: string;
  /**
   * Called once, with the new title, or null if it does not change.
   * @param keptFocus whether the field still had the focus; false if the user moved it elsewhere
   */
  onFinish: (title: string | null, keptFocus: boolean) => void;
};

/** Edits a title in place: Enter or blur applies it, Escape cancels. */
export function RenameField({ title, label, onFinish }: RenameFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const finished = useRef(false);
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);

  function finish(next: string | null, keptFocus: boolean) {
    // Removing the focused field fires another blur event.
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
    // Escape would also close the sheet that contains the field.
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
