import type { ComponentProps } from 'react';
import { cn } from '@/components/ui/class-names';

/**
 * A placeholder for loading content. Give it the content's size to avoid layout shifts. It animates
 * only after 800 ms: animation frames cost a slow device a fifth of its first second.
 */
export function Skeleton({ className, ...props }: ComponentProps<'div'>) {
  return (
    <div
      aria-hidden="true"
      className={cn(
        'animate-pulse bg-foreground/8 [animation-delay:800ms] base:rounded-md',
        className,
      )}
      {...props}
    />
  );
}
