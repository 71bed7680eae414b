'use client';

import { useId, useState } from 'react';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { Input } from '@/components/ui/input';
import { Label } from '@/components/ui/label';
import { Spinner } from '@/components/ui/spinner';
import { deleteAccount, deleteAllChats } from '@/lib/client/account/delete-requests';
import { toErrorMessage } from '@/lib/client/http/request-error';

type DialogProps = { onClose: () => void; onRestoreFocus: () => void };

/** Runs the request of a dialog. Stays pending after success: the page reloads. */
function useDeletion(request: () => Promise<void>) {
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<string | null>(null);
  async function run() {
    if (pending) return;
    setPending(true);
    setError(null);
    try {
      await request();
    } catch (failure) {
      setPending(false);
      setError(toErrorMessage(failure));
    }
  }
  return { pending, error, run };
}

/** Open while mounted. */
export function DeleteAllChatsDialog(props: DialogProps) {
  const { pending, error, run } = useDeletion(deleteAllChats);
  return (
    <ConfirmDialog
      title="Delete all chats?"
      description="All your chats, their messages and their documents will be deleted permanently, on every device. Running answers will be stopped. This cannot be undone."
      error={error}
      {...props}
    >
      <DeleteButton label="Delete all chats" pending={pending} onClick={run} />
    </ConfirmDialog>
  );
}

/**
 * Open while mounted.
 * @param props.email which the user has to repeat; null for a guest
 */
export function DeleteAccountDialog({ email, ...props }: DialogProps & { email: string | null }) {
  const id = useId();
  const [typed, setTyped] = useState('');
  const { pending, error, run } = useDeletion(() => deleteAccount(email === null ? null : typed));
  const matches = email === null || typed.trim().toLowerCase() === email.toLowerCase();
  return (
    <ConfirmDialog
      title="Delete your account?"
      description={
        email === null
          ? 'You are a guest. All your chats, documents and settings will be deleted permanently. This cannot be undone.'
          : 'Your account and all your chats, documents and settings will be deleted permanently, and you will be signed out on every device. This cannot be undone.'
      }
      body={
        email !== null && (
          <div className="grid gap-2">
            <Label htmlFor={id}>Type your email address to confirm</Label>
            <Input
              id={id}
              type="email"
              autoComplete="off"
              placeholder={email}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          </div>
        )
      }
      error={error}
      {...props}
    >
      <DeleteButton label="Delete account" pending={pending} disabled={!matches} onClick={run} />
    </ConfirmDialog>
  );
}

function DeleteButton({
  label,
  pending,
  disabled = false,
  onClick,
}: {
  label: string;
  pending: boolean;
  disabled?: boolean;
  onClick: () => void;
}) {
  return (
    <Button
      variant="destructive"
      disabled={disabled}
      aria-disabled={pending || undefined}
      onClick={onClick}
    >
      {pending && <Spinner label="" className="text-current" />}
      {label}
    </Button>
  );
}
