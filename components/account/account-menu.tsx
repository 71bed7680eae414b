'use client';

import { ChevronsUpDown, UserRound } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/class-names';
import { Skeleton } from '@/components/ui/skeleton';
import { useCurrentUser } from '@/lib/client/account/use-current-user';
import { useLazyComponent } from '@/lib/client/browser/use-lazy-component';
import type { SessionInfo } from '@/lib/protocol/api';
import type { AccountMenuView } from './account-menu-view';

const loadViews = () => import('./account-views');

/** The current user in the sidebar's footer, with the account menu. Fills the available width. */
export function AccountMenu({ className }: { className?: string }) {
  const user = useCurrentUser();
  const [view, setView] = useState<AccountMenuView | null>(null);
  const [Views, requestViews] = useLazyComponent(loadViews);
  const button = useRef<HTMLButtonElement>(null);

  return (
    <div className={cn('relative min-w-0 flex-1', className)}>
      <Button
        ref={button}
        variant="ghost"
        aria-label={`Account: ${displayName(user) ?? 'loading'}`}
        aria-haspopup="menu"
        aria-expanded={view === 'menu'}
        disabled={user === undefined}
        onPointerEnter={() => requestViews()}
        onClick={() => {
          requestViews(() => setView(null));
          setView('menu');
        }}
        className="w-full justify-start gap-2.5 px-2 font-normal disabled:opacity-100"
      >
        <Avatar user={user} />
        {user === undefined ? (
          <Skeleton className="h-3.5 w-20" />
        ) : (
          <span className="min-w-0 truncate">{displayName(user)}</span>
        )}
        <ChevronsUpDown className="ml-auto size-3.5 text-muted-foreground" />
      </Button>
      {view && Views && (
        <Views
          view={view}
          user={user ?? null}
          onView={setView}
          onRestoreFocus={() => button.current?.focus()}
        />
      )}
    </div>
  );
}

type User = SessionInfo['user'] | undefined;

/** Null while the user is unknown. */
function displayName(user: User): string | null {
  if (user === undefined) return null;
  if (user === null) return 'Not signed in';
  return user.email ?? user.name;
}

function Avatar({ user }: { user: User }) {
  const initial = user && !user.anonymous ? user.name.trim().charAt(0).toUpperCase() : '';
  return (
    <span
      aria-hidden="true"
      className={cn(
        'grid size-6 shrink-0 place-items-center rounded-full font-semibold text-xs',
        initial ? 'bg-primary text-primary-foreground' : 'bg-accent text-muted-foreground',
      )}
    >
      {initial || <UserRound className="size-3.5" />}
    </span>
  );
}
