/**
 * Modal dialogs. About 14 kB: load components that contain one lazily (React.lazy or next/dynamic),
 * when they are opened.
 */
import { X } from 'lucide-react';
import * as Primitive from 'radix-ui/dialog';
import type { ComponentProps } from 'react';
import { cn } from '@/components/ui/class-names';
import { ignoreComposingEscape } from '@/lib/client/browser/is-composing';
import { useDismissOnBack } from '@/lib/client/navigation/use-close-on-back';
import { Button } from './button';

export function Dialog(props: ComponentProps<typeof Primitive.Root>) {
  useDismissOnBack(props.open, props.onOpenChange);
  return <Primitive.Root {...props} />;
}

/** `onInteractOutside` of dialogs: toasts can be used without closing the dialog. */
export function ignoreToasts(event: Event): void {
  if (event.target instanceof Element && event.target.closest('[data-sonner-toaster]'))
    event.preventDefault();
}

export const overlayClass =
  'fixed inset-0 z-50 bg-overlay data-[state=closed]:animate-fade-out data-[state=open]:animate-fade-in';

export const modalClass = [
  'fixed top-1/2 left-1/2 z-50 grid max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] base:max-w-md',
  '-translate-x-1/2 -translate-y-1/2 overflow-y-auto rounded-xl border bg-popover base:gap-4 base:p-5',
  'text-popover-foreground shadow-modal outline-none',
  'data-[state=closed]:animate-modal-out data-[state=open]:animate-modal-in',
].join(' ');

/** Must contain a DialogTitle. */
export function DialogContent({
  className,
  children,
  ...props
}: ComponentProps<typeof Primitive.Content>) {
  return (
    <Primitive.Portal>
      <Primitive.Overlay className={overlayClass} />
      <Primitive.Content
        onEscapeKeyDown={ignoreComposingEscape}
        onInteractOutside={ignoreToasts}
        className={cn(modalClass, className)}
        {...props}
      >
        {children}
        <Primitive.Close asChild>
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label="Close"
            className="absolute top-3 right-3 text-muted-foreground"
          >
            <X />
          </Button>
        </Primitive.Close>
      </Primitive.Content>
    </Primitive.Portal>
  );
}

export function DialogHeader({ className, ...props }: ComponentProps<'div'>) {
  return <div className={cn('grid base:gap-1.5 base:pr-8', className)} {...props} />;
}

export function DialogFooter({ className, ...props }: ComponentProps<'div'>) {
  return (
    <div
      className={cn('flex flex-col-reverse gap-2 sm:flex-row sm:justify-end', className)}
      {...props}
    />
  );
}

export function DialogTitle({ className, ...props }: ComponentProps<typeof Primitive.Title>) {
  return (
    <Primitive.Title
      className={cn('text-balance font-semibold text-base leading-snug', className)}
      {...props}
    />
  );
}

export function DialogDescription({
  className,
  ...props
}: ComponentProps<typeof Primitive.Description>) {
  return (
    <Primitive.Description className={cn('text-muted-foreground text-sm', className)} {...props} />
  );
}
