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
  /** Called after the dialog is gone, to put the focus where it belongs. */
  onRestoreFocus: () => void;
};

/** Open as long as it is mounted. A default export: loaded when it is asked for. */
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
            “<bdi>{chat.title || 'New chat'}</bdi>” and every message in it will be gone for good.
            This cannot be undone.
            {chat.live && ' The answer that is being written in it will be stopped.'}
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
