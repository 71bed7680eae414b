import type { ComponentProps } from 'react';
import { cn } from '@/components/ui/class-names';

export function Input({ className, type = 'text', ...props }: ComponentProps<'input'>) {
  return (
    <input
      type={type}
      className={cn(
        'w-full min-w-0 rounded-md border bg-field transition-colors base:h-9 base:border-input base:px-3 base:text-sm',
        'placeholder:text-muted-foreground disabled:cursor-not-allowed disabled:opacity-50',
        // 16 px on touch screens: iOS zooms into fields with smaller text.
        'base:pointer-coarse:h-11 pointer-coarse:text-base aria-invalid:border-destructive',
        className,
      )}
      {...props}
    />
  );
}
