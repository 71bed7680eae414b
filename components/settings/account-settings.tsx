'use client';

import { useRef, useState } from 'react';
import { GuestSignOutDialog } from '@/components/account/guest-sign-out-dialog';
import { Button } from '@/components/ui/button';
import { signOut } from '@/lib/client/account/account-requests';
import { openSignIn } from '@/lib/client/account/sign-in-state';
import { useCurrentUser } from '@/lib/client/account/use-current-user';
import { toast } from '@/lib/client/browser/toast';
import { closeDialog } from '@/lib/client/shell/open-dialog';

export function AccountSettings() {
  const user = useCurrentUser();
  const [isSigningOut, setIsSigningOut] = useState(false);
  const signOutButton = useRef<HTMLButtonElement>(null);
  const isGuest = !user || user.anonymous;

  function openAccountDialog(dialog: 'sign-in' | 'sign-up') {
    closeDialog();
    openSignIn(dialog);
  }
  function onSignOut() {
    if (user?.anonymous) setIsSigningOut(true);
    else signOut().catch((error: Error) => toast.error(error.message));
  }
  return (
    <div className="grid gap-5">
      <div className="grid gap-1">
        <h3 className="font-medium text-sm [overflow-wrap:anywhere]">
          {isGuest ? 'Guest' : user.email}
        </h3>
        <p className="text-muted-foreground text-sm">
          {isGuest
            ? 'Only this browser can open these chats. With an account you find them on every device, with your settings.'
            : 'You find your chats and settings on every device where you sign in.'}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        {isGuest && (
          <>
            <Button onClick={() => openAccountDialog('sign-up')}>Create account</Button>
            <Button variant="outline" onClick={() => openAccountDialog('sign-in')}>
              Sign in
            </Button>
          </>
        )}
        {user && (
          <Button ref={signOutButton} variant="outline" onClick={onSignOut}>
            Sign out
          </Button>
        )}
      </div>
      {isSigningOut && (
        <GuestSignOutDialog
          onCreateAccount={() => openAccountDialog('sign-up')}
          onClose={() => setIsSigningOut(false)}
          onRestoreFocus={() => signOutButton.current?.focus()}
        />
      )}
    </div>
  );
}
