import type { ComponentProps } from 'react';
import { cn } from '@/components/ui/class-names';

/** A form label; pass `htmlFor`. */
export function Label({ className, ...props }: ComponentProps<'label'>) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the caller passes htmlFor.
    <label
      className={cn('select-none base:font-medium base:text-sm base:leading-none', className)}
      {...props}
    />
  );
}
