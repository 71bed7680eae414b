'use client';

import { SquarePen } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/class-names';
import { Tooltip } from '@/components/ui/tooltip';
import { useNewChat } from '@/lib/client/navigation/use-new-chat';
import { useShortcutKeys } from '@/lib/client/settings/shortcut-keys';
import { useSidebar } from './sidebar-state';
import { SidebarToggle } from './sidebar-toggle';

type ChatHeaderProps = {
  /** The chat's title; empty or absent for a new chat. */
  title?: string;
  /** Controls at the right end of the row, such as the model picker. */
  children?: ReactNode;
};

/** The top row of a chat. It comes first in the page, has a fixed height and does not scroll. */
export function ChatHeader({ title, children }: ChatHeaderProps) {
  const { collapsed } = useSidebar();
  const newChat = useNewChat();
  const newChatKeys = useShortcutKeys('newChat');
  // An open sidebar has the same buttons.
  const sidebarHiddenClass = collapsed ? '' : 'md:hidden';
  return (
    <header className="shrink-0 pt-[env(safe-area-inset-top)]">
      <div className="flex h-13 items-center px-2 sm:gap-1 sm:px-3">
        <SidebarToggle label="Open sidebar" className={sidebarHiddenClass} />
        <h1
          dir="auto"
          className={cn(
            // On a phone the model's name is shortened before the title is.
            title ? 'min-w-20 flex-1 truncate px-1.5 font-medium text-[0.9375rem]' : 'sr-only',
          )}
        >
          {title || 'New chat'}
        </h1>
        <div className={cn('flex min-w-0 items-center sm:gap-1 print:hidden', !title && 'ml-auto')}>
          {children}
          <Tooltip label="New chat" keys={newChatKeys} side="bottom">
            <Button
              variant="ghost"
              size="icon-sm"
              aria-label="New chat"
              onClick={newChat}
              className={sidebarHiddenClass}
            >
              <SquarePen />
            </Button>
          </Tooltip>
        </div>
      </div>
    </header>
  );
}
