/** Menus. About 32 kB with positioning: load components that contain one on hover or click. */
import { cva, type VariantProps } from 'class-variance-authority';
import * as Primitive from 'radix-ui/dropdown-menu';
import type { ComponentProps } from 'react';
import { cn } from '@/components/ui/class-names';
import { useDismissOnBack } from '@/lib/client/navigation/use-close-on-back';

export function DropdownMenu(props: ComponentProps<typeof Primitive.Root>) {
  useDismissOnBack(props.open, props.onOpenChange);
  return <Primitive.Root {...props} />;
}

export function DropdownMenuTrigger(props: ComponentProps<typeof Primitive.Trigger>) {
  return <Primitive.Trigger {...props} />;
}

export function DropdownMenuContent({
  className,
  sideOffset = 4,
  collisionPadding = 8,
  ...props
}: ComponentProps<typeof Primitive.Content>) {
  return (
    <Primitive.Portal>
      <Primitive.Content
        sideOffset={sideOffset}
        collisionPadding={collisionPadding}
        className={cn(
          'z-50 max-h-(--radix-dropdown-menu-content-available-height) overflow-y-auto base:min-w-40',
          'rounded-lg border bg-popover p-1 text-popover-foreground shadow-popover outline-none',
          'origin-(--radix-dropdown-menu-content-transform-origin)',
          'data-[state=closed]:animate-pop-out data-[state=open]:animate-pop-in',
          className,
        )}
        {...props}
      />
    </Primitive.Portal>
  );
}

const itemVariants = cva(
  [
    'relative flex cursor-default select-none items-center gap-2.5 rounded-md px-2 py-1.5 text-sm',
    'outline-none data-[disabled]:pointer-events-none data-[disabled]:opacity-50',
    'pointer-coarse:min-h-11 [&_svg]:pointer-events-none [&_svg]:size-4 [&_svg]:shrink-0',
  ],
  {
    variants: {
      variant: {
        default:
          'data-[highlighted]:bg-accent data-[highlighted]:text-accent-foreground [&_svg]:text-muted-foreground',
        destructive: 'text-destructive-text data-[highlighted]:bg-destructive/10',
      },
    },
    defaultVariants: { variant: 'default' },
  },
);

export function DropdownMenuItem({
  className,
  variant,
  ...props
}: ComponentProps<typeof Primitive.Item> & VariantProps<typeof itemVariants>) {
  return <Primitive.Item className={cn(itemVariants({ variant }), className)} {...props} />;
}

export function DropdownMenuLabel({ className, ...props }: ComponentProps<typeof Primitive.Label>) {
  return (
    <Primitive.Label
      className={cn('px-2 py-1.5 font-medium text-muted-foreground text-xs', className)}
      {...props}
    />
  );
}

export function DropdownMenuSeparator({
  className,
  ...props
}: ComponentProps<typeof Primitive.Separator>) {
  return <Primitive.Separator className={cn('-mx-1 my-1 h-px bg-border', className)} {...props} />;
}
