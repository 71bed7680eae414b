/** Dialogs that slide in from an edge. As large as Dialog: load lazily. */
import { cva, type VariantProps } from 'class-variance-authority';
import * as Primitive from 'radix-ui/dialog';
import type { ComponentProps } from 'react';
import { cn } from '@/components/ui/class-names';
import { ignoreComposingEscape } from '@/lib/client/browser/is-composing';
import { ignoreToasts, overlayClass } from './dialog';

export function Sheet(props: ComponentProps<typeof Primitive.Root>) {
  return <Primitive.Root {...props} />;
}

const sheetVariants = cva(
  'fixed inset-y-0 z-50 flex w-[min(20rem,calc(100vw-3rem))] flex-col bg-sidebar shadow-modal outline-none',
  {
    variants: {
      side: {
        left: 'left-0 border-r data-[state=closed]:animate-slide-out-left data-[state=open]:animate-slide-in-left',
        right:
          'right-0 border-l data-[state=closed]:animate-slide-out-right data-[state=open]:animate-slide-in-right',
      },
    },
    defaultVariants: { side: 'left' },
  },
);

/** @param title the dialog's accessible name; not visible */
export function SheetContent({
  className,
  side,
  title,
  children,
  ...props
}: ComponentProps<typeof Primitive.Content> &
  VariantProps<typeof sheetVariants> & { title: string }) {
  return (
    <Primitive.Portal>
      <Primitive.Overlay className={overlayClass} />
      <Primitive.Content
        onEscapeKeyDown={ignoreComposingEscape}
        onInteractOutside={ignoreToasts}
        aria-describedby={undefined}
        className={cn(sheetVariants({ side }), className)}
        {...props}
      >
        <Primitive.Title className="sr-only">{title}</Primitive.Title>
        {children}
      </Primitive.Content>
    </Primitive.Portal>
  );
}
