'use client';

import { ConfirmButton, ConfirmDialog } from '@/components/ui/confirm-dialog';

type DiscardChangesDialogProps = {
  description: string;
  onDiscard: () => void;
  onClose: () => void;
  /** Called after the dialog has closed, to restore the focus. */
  onRestoreFocus: () => void;
};

/** Asks before unsaved changes are discarded. Open while mounted. */
export function DiscardChangesDialog({ onDiscard, ...props }: DiscardChangesDialogProps) {
  return (
    <ConfirmDialog title="Discard your changes?" cancelLabel="Keep editing" {...props}>
      <ConfirmButton onClick={onDiscard}>Discard</ConfirmButton>
    </ConfirmDialog>
  );
}
