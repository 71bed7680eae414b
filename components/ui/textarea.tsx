import type { ComponentProps } from 'react';
import { cn } from '@/lib/client/utils';

/** Grows with what is written in it; cap it with a max-height class. */
export function Textarea({ className, ...props }: ComponentProps<'textarea'>) {
  return (
    <textarea
      data-slot="textarea"
      className={cn(
        'field-sizing-content min-h-16 w-full resize-none rounded-md border border-input bg-field',
        'px-3 py-2 text-sm transition-colors placeholder:text-muted-foreground',
        'disabled:cursor-not-allowed disabled:opacity-50 pointer-coarse:text-base',
        'aria-invalid:border-destructive',
        className,
      )}
      {...props}
    />
  );
}
