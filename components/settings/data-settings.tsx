'use client';

import { type ReactNode, useRef, useState } from 'react';
import { Button, buttonVariants } from '@/components/ui/button';
import { useCurrentUser } from '@/lib/client/account/use-current-user';
import { DeleteAccountDialog, DeleteAllChatsDialog } from './delete-dialogs';

export function DataSettings() {
  const user = useCurrentUser();
  const [confirming, setConfirming] = useState<'chats' | 'account' | null>(null);
  const opener = useRef<HTMLElement | null>(null);
  const isGuest = user?.anonymous ?? true;

  function confirm(what: 'chats' | 'account', button: HTMLElement) {
    opener.current = button;
    setConfirming(what);
  }
  const dialogProps = {
    onClose: () => setConfirming(null),
    onRestoreFocus: () => opener.current?.focus(),
  };
  return (
    <div className="grid divide-y">
      <Section
        title="Export everything"
        text="One JSON file with all your chats, their versions, your documents and your settings. Temporary chats are not part of it."
      >
        <a href="/api/export" download className={buttonVariants({ variant: 'outline' })}>
          Export
        </a>
      </Section>
      <Section
        title="Delete all chats"
        text="Deletes every chat with its messages and documents. Your account and settings stay."
      >
        <Button
          variant="outline"
          className="text-destructive-text"
          onClick={(event) => confirm('chats', event.currentTarget)}
        >
          Delete all chats
        </Button>
      </Section>
      <Section
        title="Delete account"
        text={
          isGuest
            ? 'Deletes this guest with all chats, documents and settings.'
            : 'Deletes your account with all chats, documents and settings, on every device.'
        }
      >
        <Button
          variant="outline"
          className="text-destructive-text"
          disabled={!user}
          onClick={(event) => confirm('account', event.currentTarget)}
        >
          Delete account
        </Button>
      </Section>
      {confirming === 'chats' && <DeleteAllChatsDialog {...dialogProps} />}
      {confirming === 'account' && (
        <DeleteAccountDialog email={user?.email ?? null} {...dialogProps} />
      )}
    </div>
  );
}

function Section({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <section className="grid gap-3 py-5 first:pt-0 last:pb-0">
      <div className="grid gap-1">
        <h3 className="font-medium text-sm">{title}</h3>
        <p className="text-muted-foreground text-sm">{text}</p>
      </div>
      <div>{children}</div>
    </section>
  );
}
