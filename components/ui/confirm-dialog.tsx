import * as Primitive from 'radix-ui/alert-dialog';
import type { ReactNode } from 'react';
import { ignoreComposingEscape } from '@/lib/client/browser/is-composing';
import { useDismissOnBack } from '@/lib/client/navigation/use-close-on-back';
import { buttonVariants } from './button';
import { DialogFooter, DialogHeader, modalClass, overlayClass } from './dialog';

type ConfirmDialogProps = {
  title: string;
  description: ReactNode;
  /** Below the description, such as a field. */
  body?: ReactNode;
  /** Why the action failed. */
  error?: string | null;
  cancelLabel?: string;
  /** The buttons after the cancel button. ConfirmButton also closes the dialog. */
  children: ReactNode;
  onClose: () => void;
  /** Called after the dialog has closed, to restore the focus. */
  onRestoreFocus: () => void;
};

/**
 * Asks the user to confirm a destructive action. Open while mounted. As large as Dialog: load
 * lazily.
 */
export function ConfirmDialog({
  title,
  description,
  body,
  error,
  cancelLabel = 'Cancel',
  children,
  onClose,
  onRestoreFocus,
}: ConfirmDialogProps) {
  const onOpenChange = (open: boolean) => !open && onClose();
  useDismissOnBack(true, onOpenChange);
  return (
    <Primitive.Root open onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className={overlayClass} />
        <Primitive.Content
          onEscapeKeyDown={ignoreComposingEscape}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            onRestoreFocus();
          }}
          className={modalClass}
        >
          <DialogHeader>
            <Primitive.Title className="text-balance font-semibold text-base leading-snug">
              {title}
            </Primitive.Title>
            <Primitive.Description className="text-muted-foreground text-sm [overflow-wrap:anywhere]">
              {description}
            </Primitive.Description>
          </DialogHeader>
          {body}
          {error && (
            <p role="alert" className="text-destructive-text text-sm">
              {error}
            </p>
          )}
          <DialogFooter>
            <Primitive.Cancel className={buttonVariants({ variant: 'outline' })}>
              {cancelLabel}
            </Primitive.Cancel>
            {children}
          </DialogFooter>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/** Runs the action and closes the dialog that contains it. */
export function ConfirmButton({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <Primitive.Action className={buttonVariants({ variant: 'destructive' })} onClick={onClick}>
      {children}
    </Primitive.Action>
  );
}
