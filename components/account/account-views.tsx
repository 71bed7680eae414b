'use client';

import { LogIn, LogOut, Settings, UserRoundPlus } from 'lucide-react';
import { useRef } from 'react';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu';
import { signOut } from '@/lib/client/account/account-requests';
import { toast } from '@/lib/client/browser/toast';
import { openSettings } from '@/lib/client/shell/open-dialog';
import type { SessionInfo } from '@/lib/protocol/api';
import { AccountDialog } from './account-dialog';
import type { AccountMenuView } from './account-menu-view';
import { GuestSignOutDialog } from './guest-sign-out-dialog';

type AccountViewsProps = {
  view: AccountMenuView;
  user: SessionInfo['user'];
  onView: (view: AccountMenuView | null) => void;
  /** Called when a view has closed, to restore the focus. */
  onRestoreFocus: () => void;
};

/** The menu and dialogs of the account button. Lazy-loaded on first use. */
export default function AccountViews({ view, user, onView, onRestoreFocus }: AccountViewsProps) {
  const close = () => onView(null);

  function onSignOut() {
    if (user?.anonymous) onView('sign-out');
    else signOut().catch((error: Error) => toast.error(error.message));
  }

  switch (view) {
    case 'menu':
      return (
        <Menu
          user={user}
          onSignIn={() => onView('sign-in')}
          onSignUp={() => onView('sign-up')}
          onSignOut={onSignOut}
          onClose={close}
          onRestoreFocus={onRestoreFocus}
        />
      );
    case 'sign-out':
      return (
        <GuestSignOutDialog
          onCreateAccount={() => onView('sign-up')}
          onClose={close}
          onRestoreFocus={onRestoreFocus}
        />
      );
    default:
      return (
        <AccountDialog
          action={view}
          isGuest={user?.anonymous ?? false}
          onAction={onView}
          onClose={close}
          onRestoreFocus={onRestoreFocus}
        />
      );
  }
}

type MenuProps = {
  user: SessionInfo['user'];
  onSignIn: () => void;
  onSignUp: () => void;
  onSignOut: () => void;
  onClose: () => void;
  onRestoreFocus: () => void;
};

function Menu({ user, onSignIn, onSignUp, onSignOut, onClose, onRestoreFocus }: MenuProps) {
  // The chosen action runs after the menu has closed: menu and dialog would compete for the focus.
  const pendingAction = useRef<(() => void) | null>(null);
  const runAfterClose = (action: () => void) => () => {
    pendingAction.current = action;
  };
  return (
    <DropdownMenu open onOpenChange={(open) => !open && onClose()}>
      <DropdownMenuTrigger asChild>
        <span aria-hidden="true" className="pointer-events-none absolute inset-0" />
      </DropdownMenuTrigger>
      <DropdownMenuContent
        side="top"
        align="start"
        aria-label="Account"
        className="w-60"
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          if (pendingAction.current) pendingAction.current();
          else onRestoreFocus();
        }}
      >
        <DropdownMenuLabel className="[overflow-wrap:anywhere]">
          {user && !user.anonymous ? user.email : 'Guest · only this browser can open these chats'}
        </DropdownMenuLabel>
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={runAfterClose(() => openSettings())}>
          <Settings />
          Settings
        </DropdownMenuItem>
        {(!user || user.anonymous) && (
          <>
            <DropdownMenuItem onSelect={runAfterClose(onSignIn)}>
              <LogIn />
              Sign in
            </DropdownMenuItem>
            <DropdownMenuItem onSelect={runAfterClose(onSignUp)}>
              <UserRoundPlus />
              Create account
            </DropdownMenuItem>
          </>
        )}
        {user && (
          <DropdownMenuItem onSelect={runAfterClose(onSignOut)}>
            <LogOut />
            Sign out
          </DropdownMenuItem>
        )}
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
