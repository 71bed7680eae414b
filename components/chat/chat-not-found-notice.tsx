'use client';

import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import { openSignIn } from '@/lib/client/account/sign-in-state';
import { useCurrentUser } from '@/lib/client/account/use-current-user';

/** Replaces a chat that the user cannot open. Guests may be signed-out users: offers to sign in. */
export function ChatNotFoundNotice() {
  const user = useCurrentUser();
  if (user && !user.anonymous) {
    return (
      <Notice title="Chat not found">
        It was deleted, or it belongs to another user. Your own chats are safe.
      </Notice>
    );
  }
  return (
    <Notice
      title="Chat not found"
      actions={user !== undefined && <Button onClick={() => openSignIn()}>Sign in</Button>}
    >
      It was deleted, or it belongs to an account. If it is yours, sign in to open it.
    </Notice>
  );
}
