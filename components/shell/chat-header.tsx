'use client';

import { SquarePen } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/class-names';
import { Logo } from '@/components/ui/logo';
import { Tooltip } from '@/components/ui/tooltip';
import { useNewChat } from '@/lib/client/navigation/use-new-chat';
import { useShortcutKeys } from '@/lib/client/settings/shortcut-keys';
import { useSidebar } from './sidebar-state';
import { SidebarToggle } from './sidebar-toggle';

type ChatHeaderProps = {
  /** The chat's title; empty or absent for a new chat. */
  title?: string;
  /** The model picker: below the title if the row is narrow (chat-header.css), else after the controls. */
  model?: ReactNode;
  /** Controls at the right end of the row. */
  children?: ReactNode;
};

/** The top row of a chat. It comes first in the page, has a fixed height and does not scroll. */
export function ChatHeader({ title, model, children }: ChatHeaderProps) {
  const { collapsed } = useSidebar();
  const newChat = useNewChat();
  const newChatKeys = useShortcutKeys('newChat');
  // An open sidebar has the same buttons.
  const sidebarHiddenClass = collapsed ? '' : 'md:hidden';
  return (
    <header className="chat-header shrink-0 pt-[env(safe-area-inset-top)]">
      <div className="chat-header-row flex h-13 items-center px-2 sm:gap-1 sm:px-3">
        <SidebarToggle label="Open sidebar" className={sidebarHiddenClass} />
        <Logo className={cn('mx-1 size-5 shrink-0 text-primary', sidebarHiddenClass)} />
        <h1
          dir="auto"
          className={
            title
              ? 'chat-title min-w-20 flex-1 truncate px-1.5 font-medium text-[0.9375rem]'
              : 'sr-only'
          }
        >
          {title || 'New chat'}
        </h1>
        <div
          className={cn(
            'chat-controls flex min-w-0 items-center sm:gap-1 print:hidden',
            !title && 'ml-auto',
          )}
        >
          {children}
        </div>
        <div className="chat-model flex min-w-0 max-w-full items-center print:hidden">{model}</div>
        <Tooltip label="New chat" keys={newChatKeys} side="bottom">
          <Button
            variant="ghost"
            size="icon-sm"
            aria-label="New chat"
            onClick={newChat}
            className={cn('chat-new', sidebarHiddenClass)}
          >
            <SquarePen />
          </Button>
        </Tooltip>
      </div>
    </header>
  );
}
