/** Confirmation dialogs for destructive actions. As large as Dialog: load lazily. */
import * as Primitive from 'radix-ui/alert-dialog';
import type { ComponentProps } from 'react';
import { cn } from '@/components/ui/class-names';
import { ignoreComposingEscape } from '@/lib/client/browser/is-composing';
import { useDismissOnBack } from '@/lib/client/navigation/use-close-on-back';
import { type Button, buttonVariants } from './button';
import { modalClass, overlayClass } from './dialog';

export function AlertDialog(props: ComponentProps<typeof Primitive.Root>) {
  useDismissOnBack(props.open, props.onOpenChange);
  return <Primitive.Root {...props} />;
}

export function AlertDialogContent({
  className,
  ...props
}: ComponentProps<typeof Primitive.Content>) {
  return (
    <Primitive.Portal>
      <Primitive.Overlay className={overlayClass} />
      <Primitive.Content
        onEscapeKeyDown={ignoreComposingEscape}
        className={cn(modalClass, className)}
        {...props}
      />
    </Primitive.Portal>
  );
}

export {
  DialogFooter as AlertDialogFooter,
  DialogHeader as AlertDialogHeader,
} from './dialog';

export function AlertDialogTitle({ className, ...props }: ComponentProps<typeof Primitive.Title>) {
  return (
    <Primitive.Title
      className={cn('text-balance font-semibold text-base leading-snug', className)}
      {...props}
    />
  );
}

export function AlertDialogDescription({
  className,
  ...props
}: ComponentProps<typeof Primitive.Description>) {
  return (
    <Primitive.Description
      className={cn('text-muted-foreground text-sm [overflow-wrap:anywhere]', className)}
      {...props}
    />
  );
}

type ActionProps = ComponentProps<typeof Primitive.Action> & {
  variant?: ComponentProps<typeof Button>['variant'];
};

export function AlertDialogAction({ variant = 'destructive', ...props }: ActionProps) {
  return <Primitive.Action className={buttonVariants({ variant })} {...props} />;
}

export function AlertDialogCancel(props: ComponentProps<typeof Primitive.Cancel>) {
  return <Primitive.Cancel className={buttonVariants({ variant: 'outline' })} {...props} />;
}
