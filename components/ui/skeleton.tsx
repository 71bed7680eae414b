import type { ComponentProps } from 'react';
import { cn } from '@/components/ui/class-names';

/**
 * A quiet stand-in for what is loading; size it like the real thing so that nothing jumps. It moves only
 * when loading takes long: frames drawn meanwhile cost a slow device a fifth of its first second.
 */
export function Skeleton({ className, ...props }: ComponentProps<'div'>) {
  return (
    <div
      aria-hidden="true"
      data-slot="skeleton"
      className={cn(
        'animate-pulse bg-foreground/8 [animation-delay:800ms] base:rounded-md',
        className,
      )}
      {...props}
    />
  );
}
