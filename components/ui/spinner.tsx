import { LoaderCircle } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cn } from '@/components/ui/class-names';

/** `label` is announced to screen readers; pass '' if the page already displays such a text. */
export function Spinner({
  className,
  label = 'Loading',
  ...props
}: ComponentProps<'svg'> & { label?: string }) {
  return (
    <LoaderCircle
      className={cn('animate-spin base:size-4 base:text-muted-foreground', className)}
      {...(label ? { role: 'status', 'aria-label': label } : { 'aria-hidden': true })}
      {...props}
    />
  );
}
