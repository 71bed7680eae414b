'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { signOut } from '@/lib/client/account/account-requests';

type GuestSignOutDialogProps = {
  onCreateAccount: () => void;
  onClose: () => void;
  onRestoreFocus: () => void;
};

/** Warns a guest that signing out loses their chats, and offers an account. Open while mounted. */
export function GuestSignOutDialog({ onCreateAccount, ...props }: GuestSignOutDialogProps) {
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
    <ConfirmDialog
      title="Sign out and leave your chats behind?"
      description="You are a guest, and your chats can be opened only in this browser. Once you have signed out, nobody can open them again. With an account you keep them."
      error={error}
      {...props}
    >
      <Button variant="destructive" disabled={pending} onClick={confirmSignOut}>
        Sign out
      </Button>
      <Button onClick={onCreateAccount}>Create account</Button>
    </ConfirmDialog>
  );
}
