'use client';

import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import { openSignIn } from '@/lib/client/account/sign-in-state';
import { useCurrentUser } from '@/lib/client/account/use-current-user';

/** In place of a chat that is not there for whoever is asking. A guest may be somebody signed out. */
export function ChatNotFoundNotice() {
  const user = useCurrentUser();
  if (user && !user.anonymous) {
    return (
      <Notice title="There is no such chat">
        It was deleted, or it belongs to somebody else. Your chats are safe.
      </Notice>
    );
  }
  return (
    <Notice
      title="There is no such chat"
      actions={user !== undefined && <Button onClick={openSignIn}>Sign in</Button>}
    >
      It was deleted, or it belongs to an account. If it is yours, sign in to open it.
    </Notice>
  );
}
