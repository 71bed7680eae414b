/** Floating panels. About 25 kB with positioning: load components that contain one lazily. */
import * as Primitive from 'radix-ui/popover';
import type { ComponentProps } from 'react';
import { cn } from '@/components/ui/class-names';
import { ignoreComposingEscape } from '@/lib/client/browser/is-composing';
import { useDismissOnBack } from '@/lib/client/navigation/use-close-on-back';

export function Popover(props: ComponentProps<typeof Primitive.Root>) {
  useDismissOnBack(props.open, props.onOpenChange);
  return <Primitive.Root {...props} />;
}

/** Positions the content at an element other than the trigger. */
export function PopoverAnchor(props: ComponentProps<typeof Primitive.Anchor>) {
  return <Primitive.Anchor {...props} />;
}

export function PopoverContent({
  className,
  sideOffset = 4,
  collisionPadding = 8,
  ...props
}: ComponentProps<typeof Primitive.Content>) {
  return (
    <Primitive.Portal>
      <Primitive.Content
        onEscapeKeyDown={ignoreComposingEscape}
        sideOffset={sideOffset}
        collisionPadding={collisionPadding}
        className={cn(
          'z-50 rounded-lg border bg-popover text-popover-foreground shadow-popover base:w-72 base:p-3',
          'max-h-(--radix-popover-content-available-height) max-w-[calc(100vw-1rem)] outline-none',
          'origin-(--radix-popover-content-transform-origin)',
          'data-[state=closed]:animate-pop-out data-[state=open]:animate-pop-in',
          className,
        )}
        {...props}
      />
    </Primitive.Portal>
  );
}
