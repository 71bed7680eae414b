'use client';

import { Button } from '@/components/ui/button';
import { closeSignIn, openSignIn, type SignInState } from '@/lib/client/account/sign-in-state';
import { focusComposer } from '@/lib/client/chat/focus-composer';
import { AccountDialog } from './account-dialog';

/** Banner for an ended session, and the sign-in dialog. */
export function SignInPrompt({ sessionEnded, dialog }: SignInState) {
  return (
    <>
      {sessionEnded && (
        <div
          role="alert"
          className="flex shrink-0 flex-wrap items-center justify-center gap-x-3 gap-y-1 border-b bg-muted px-4 py-2 text-sm"
        >
          Your session has ended. Sign in to continue. Your draft is kept.
          <Button size="sm" onClick={() => openSignIn()}>
            Sign in
          </Button>
        </div>
      )}
      {dialog && (
        <AccountDialog
          action={dialog}
          isGuest={!sessionEnded}
          staysOnPage
          onAction={openSignIn}
          onClose={closeSignIn}
          onRestoreFocus={focusComposer}
        />
      )}
    </>
  );
}
