'use client';

import { useEffect, useState } from 'react';
import { Button } from '@/components/ui/button';
import { focusComposer } from '@/lib/client/composer';
import { askToSignIn, closeSignIn, useSignInRequest } from '@/lib/client/sign-in';
import type { AccountAction } from './account-requests';
import { usePart } from './use-part';

const loadDialog = () =>
  import('./account-dialog').then(({ AccountDialog }) => ({ default: AccountDialog }));

/** Says that the session has ended, and shows the dialog to sign in where something asks for it. */
export function SignInRequest() {
  const { ended, open } = useSignInRequest();
  const [action, setAction] = useState<AccountAction>('sign-in');
  const [AccountDialog, askForDialog] = usePart(loadDialog);
  useEffect(() => {
    if (open) askForDialog();
  }, [open, askForDialog]);
  return (
    <>
      {ended && (
        <div
          role="alert"
          className="flex shrink-0 flex-wrap items-center justify-center gap-x-3 gap-y-1 border-b bg-muted px-4 py-2 text-sm"
        >
          Your session has ended. Sign in to go on: what you have written is kept.
          <Button size="sm" onClick={askToSignIn}>
            Sign in
          </Button>
        </div>
      )}
      {open && AccountDialog && (
        <AccountDialog
          action={action}
          guest={!ended}
          stay
          onAction={setAction}
          onClose={closeSignIn}
          onRestoreFocus={focusComposer}
        />
      )}
    </>
  );
}
