import { cva, type VariantProps } from 'class-variance-authority';
import { Slot } from 'radix-ui/slot';
import type { ComponentProps } from 'react';
import { cn } from '@/lib/client/utils';

const buttonVariants = cva(
  [
    'inline-flex shrink-0 cursor-pointer select-none items-center justify-center gap-2 rounded-md',
    'whitespace-nowrap font-medium text-sm transition-colors duration-100',
    'disabled:pointer-events-none disabled:opacity-50 aria-disabled:opacity-50',
    "[&_svg:not([class*='size-'])]:size-4 [&_svg]:pointer-events-none [&_svg]:shrink-0",
  ],
  {
    variants: {
      variant: {
        default: 'bg-primary text-primary-foreground hover:bg-primary-hover',
        secondary: 'bg-secondary text-secondary-foreground hover:bg-accent',
        outline: 'border border-input bg-background hover:bg-accent hover:text-accent-foreground',
        ghost: 'text-foreground hover:bg-accent hover:text-accent-foreground',
        destructive: 'bg-destructive text-destructive-foreground hover:bg-destructive-hover',
        link: 'h-auto px-0 text-primary underline-offset-4 hover:underline',
      },
      size: {
        default: 'h-9 px-3.5 pointer-coarse:h-10',
        sm: 'h-8 px-2.5 text-[0.8125rem] pointer-coarse:h-9',
        lg: 'h-10 px-5 pointer-coarse:h-11',
        icon: 'size-9 pointer-coarse:size-10',
        'icon-sm': 'size-8 pointer-coarse:size-9',
        'icon-xs': "size-6 rounded-sm pointer-coarse:size-8 [&_svg:not([class*='size-'])]:size-3.5",
      },
    },
    defaultVariants: { variant: 'default', size: 'default' },
  },
);

type ButtonProps = ComponentProps<'button'> &
  VariantProps<typeof buttonVariants> & {
    /** Gives the looks to the child (a link, say) instead of making a button. */
    asChild?: boolean;
  };

/** A button; `type` is "button" unless given, so that none submits a form by accident. */
export function Button({
  className,
  variant,
  size,
  asChild = false,
  type = 'button',
  ...props
}: ButtonProps) {
  const looks = {
    'data-slot': 'button',
    className: cn(buttonVariants({ variant, size }), className),
  };
  if (asChild) return <Slot {...looks} {...props} />;
  return <button type={type} {...looks} {...props} />;
}
