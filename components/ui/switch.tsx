'use client';

import { useId } from 'react';
import { cn } from '@/components/ui/class-names';

type SwitchProps = {
  label: string;
  hint?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
};

/** A labeled setting that is on or off. */
export function Switch({ label, hint, checked, onChange }: SwitchProps) {
  const id = useId();
  return (
    <div className="flex items-start justify-between gap-4">
      <div className="grid gap-0.5">
        <label htmlFor={id} className="font-medium text-sm">
          {label}
        </label>
        {hint && (
          <p id={`${id}-hint`} className="text-muted-foreground text-sm">
            {hint}
          </p>
        )}
      </div>
      <button
        id={id}
        type="button"
        role="switch"
        aria-checked={checked}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onClick={() => onChange(!checked)}
        className="relative -my-2.5 h-11 w-10 shrink-0 cursor-pointer before:absolute before:inset-x-0 before:inset-y-2.5 before:rounded-full before:border before:border-input before:bg-muted before:transition-colors aria-checked:before:border-primary aria-checked:before:bg-primary"
      >
        <span
          aria-hidden="true"
          className={cn(
            'absolute top-3.5 left-1 size-4 rounded-full border bg-background shadow-xs transition-[translate]',
            checked && 'translate-x-4',
            'forced-colors:bg-[ButtonText]',
          )}
        />
      </button>
    </div>
  );
}
