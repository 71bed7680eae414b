'use client';

import {
  AlertDialog,
  AlertDialogAction,
  AlertDialogCancel,
  AlertDialogContent,
  AlertDialogDescription,
  AlertDialogFooter,
  AlertDialogHeader,
  AlertDialogTitle,
} from '@/components/ui/alert-dialog';
import type { ChatSummary } from '@/lib/protocol/api';

type DeleteChatDialogProps = {
  chat: ChatSummary;
  onConfirm: () => void;
  onClose: () => void;
  /** Called after the dialog has closed, to restore the focus. */
  onRestoreFocus: () => void;
};

/** Open while mounted. Default export, because it is lazy-loaded. */
export default function DeleteChatDialog({
  chat,
  onConfirm,
  onClose,
  onRestoreFocus,
}: DeleteChatDialogProps) {
  return (
    <AlertDialog open onOpenChange={(open) => !open && onClose()}>
      <AlertDialogContent
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          onRestoreFocus();
        }}
      >
        <AlertDialogHeader>
          <AlertDialogTitle>Delete this chat?</AlertDialogTitle>
          <AlertDialogDescription>
            “<bdi>{chat.title || 'New chat'}</bdi>” and all its messages will be deleted
            permanently. This cannot be undone.
            {chat.live && ' The answer in progress will be stopped.'}
          </AlertDialogDescription>
        </AlertDialogHeader>
        <AlertDialogFooter>
          <AlertDialogCancel>Cancel</AlertDialogCancel>
          <AlertDialogAction onClick={onConfirm}>Delete</AlertDialogAction>
        </AlertDialogFooter>
      </AlertDialogContent>
    </AlertDialog>
  );
}
