'use client';

import { useId } from 'react';
import { cn } from '@/components/ui/class-names';

type RadioGroupProps<Value extends string> = {
  label: string;
  hint?: string | undefined;
  options: ReadonlyArray<{ value: Value; label: string }>;
  value: Value;
  onChange: (value: Value) => void;
};

/** Native radio buttons in one row, as a segmented control. */
export function RadioGroup<Value extends string>({
  label,
  hint,
  options,
  value,
  onChange,
}: RadioGroupProps<Value>) {
  const id = useId();
  return (
    <fieldset className="grid gap-2" aria-describedby={hint ? `${id}-hint` : undefined}>
      <legend className="mb-2 font-medium text-sm">{label}</legend>
      <div className="grid grid-cols-2 gap-1 rounded-lg bg-muted p-1 sm:flex forced-colors:border">
        {options.map((option) => (
          <label
            key={option.value}
            className={cn(
              'relative grid min-h-8 flex-1 cursor-pointer place-items-center rounded-md px-2 text-center text-sm transition-colors pointer-coarse:min-h-11',
              'has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-ring has-[:focus-visible]:outline-offset-1',
              option.value === value
                ? 'bg-background font-medium shadow-xs forced-colors:outline-2 forced-colors:outline-[Highlight] forced-colors:-outline-offset-2'
                : 'text-muted-foreground hover:text-foreground',
            )}
          >
            <input
              type="radio"
              name={id}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
              className="absolute inset-0 cursor-pointer opacity-0"
            />
            {option.label}
          </label>
        ))}
      </div>
      {hint && (
        <p id={`${id}-hint`} className="text-muted-foreground text-sm">
          {hint}
        </p>
      )}
    </fieldset>
  );
}
