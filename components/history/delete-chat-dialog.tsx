'use client';

import { ConfirmButton, ConfirmDialog } from '@/components/ui/confirm-dialog';
import type { ChatSummary } from '@/lib/protocol/api';

type DeleteChatDialogProps = {
  chat: ChatSummary;
  onConfirm: () => void;
  onClose: () => void;
  /** Called after the dialog has closed, to restore the focus. */
  onRestoreFocus: () => void;
};

/** Open while mounted. Default export, because it is lazy-loaded. */
export default function DeleteChatDialog({ chat, onConfirm, ...props }: DeleteChatDialogProps) {
  return (
    <ConfirmDialog
      title="Delete this chat?"
      description={
        <>
          “<bdi>{chat.title || 'New chat'}</bdi>” and all its messages will be deleted permanently.
          This cannot be undone.
          {chat.live && ' The answer in progress will be stopped.'}
        </>
      }
      {...props}
    >
      <ConfirmButton onClick={onConfirm}>Delete</ConfirmButton>
    </ConfirmDialog>
  );
}
