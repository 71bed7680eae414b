'use client';

import { useState } from 'react';
import {
  AlertDialog,
  AlertDialogCancel,
  AlertDialogContent,
  AlertDialogDescription,
  AlertDialogFooter,
  AlertDialogHeader,
  AlertDialogTitle,
} from '@/components/ui/alert-dialog';
import { Button } from '@/components/ui/button';
import { signOut } from '@/lib/client/account/account-requests';

type GuestSignOutDialogProps = {
  onCreateAccount: () => void;
  onClose: () => void;
  onRestoreFocus: () => void;
};

/** Warns a guest that signing out loses their chats, and offers an account. Open while mounted. */
export function GuestSignOutDialog({
  onCreateAccount,
  onClose,
  onRestoreFocus,
}: GuestSignOutDialogProps) {
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string | null>(null);

  async function confirmSignOut() {
    setPending(true);
    try {
      await signOut();
    } catch (failure) {
      setPending(false);
      setError((failure as Error).message);
    }
  }

  return (
    <AlertDialog open onOpenChange={(open) => !open && onClose()}>
      <AlertDialogContent
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          onRestoreFocus();
        }}
      >
        <AlertDialogHeader>
          <AlertDialogTitle>Sign out and leave your chats behind?</AlertDialogTitle>
          <AlertDialogDescription>
            You are a guest, and your chats can be opened only in this browser. Once you have signed
            out, nobody can open them again. With an account you keep them.
          </AlertDialogDescription>
        </AlertDialogHeader>
        {error && (
          <p role="alert" className="text-destructive-text text-sm">
            {error}
          </p>
        )}
        <AlertDialogFooter>
          <AlertDialogCancel>Cancel</AlertDialogCancel>
          <Button variant="destructive" disabled={pending} onClick={confirmSignOut}>
            Sign out
          </Button>
          <Button onClick={onCreateAccount}>Create account</Button>
        </AlertDialogFooter>
      </AlertDialogContent>
    </AlertDialog>
  );
}
