import type { ComponentProps } from 'react';
import { cn } from '@/lib/client/utils';

/** A quiet stand-in for what is loading; size it like the real thing so that nothing jumps. */
export function Skeleton({ className, ...props }: ComponentProps<'div'>) {
  return (
    <div
      aria-hidden="true"
      data-slot="skeleton"
      className={cn('animate-pulse bg-foreground/8 base:rounded-md', className)}
      {...props}
    />
  );
}
