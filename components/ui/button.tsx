import { cva, type VariantProps } from 'class-variance-authority';
import type { ComponentProps } from 'react';
import { cn } from '@/components/ui/class-names';

const ICON = "[&_svg:not([class*='size-'])]:size-4";
const SMALL_ICON = "[&_svg:not([class*='size-'])]:size-3.5";

/** The classes of a button, for elements that only look like one, such as links. */
export const buttonVariants = cva(
  [
    'cursor-pointer select-none items-center transition-colors duration-100',
    'base:inline-flex base:shrink-0 base:justify-center base:gap-2 base:whitespace-nowrap base:font-medium',
    'disabled:pointer-events-none disabled:opacity-50 aria-disabled:opacity-50',
    '[&_svg]:pointer-events-none [&_svg]:shrink-0',
  ],
  {
    variants: {
      variant: {
        default:
          'base:bg-primary base:text-primary-foreground base:hover:bg-primary-hover base:forced-colors:border',
        secondary:
          'base:bg-secondary base:text-secondary-foreground base:hover:bg-accent base:forced-colors:border',
        outline: 'base:border base:border-input base:bg-background base:hover:bg-accent',
        ghost: 'base:text-foreground base:hover:bg-accent',
        destructive:
          'base:bg-destructive base:text-destructive-foreground base:hover:bg-destructive-hover base:forced-colors:border',
        link: 'h-auto px-0 pointer-coarse:min-h-11 base:text-primary underline-offset-4 hover:underline',
      },
      size: {
        default: `base:h-9 base:rounded-md base:px-3.5 base:text-sm base:pointer-coarse:h-11 ${ICON}`,
        sm: `base:h-8 base:rounded-md base:px-2.5 base:text-[0.8125rem] base:pointer-coarse:h-11 ${ICON}`,
        icon: `base:size-9 base:rounded-md base:pointer-coarse:size-11 ${ICON}`,
        'icon-sm': `base:size-8 base:rounded-md base:pointer-coarse:size-11 ${ICON}`,
        'icon-xs': `base:size-6 base:rounded-sm base:pointer-coarse:size-11 ${SMALL_ICON}`,
      },
    },
    defaultVariants: { variant: 'default', size: 'default' },
  },
);

type ButtonProps = ComponentProps<'button'> & VariantProps<typeof buttonVariants>;

/** A button. `type` defaults to "button", so that no button submits a form by accident. */
export function Button({ className, variant, size, type = 'button', ...props }: ButtonProps) {
  return (
    <button type={type} className={cn(buttonVariants({ variant, size }), className)} {...props} />
  );
}
