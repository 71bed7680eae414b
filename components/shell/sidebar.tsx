'use client';

import { SquarePen } from 'lucide-react';
import { AccountMenu } from '@/components/account/account-menu';
import { ChatList } from '@/components/history/chat-list';
import { ThemeToggle } from '@/components/theme/theme-toggle';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/class-names';
import { Kbd } from '@/components/ui/kbd';
import { Logo } from '@/components/ui/logo';
import { useNewChat } from '@/lib/client/navigation/use-new-chat';
import { useShortcutKeys } from '@/lib/client/settings/shortcut-keys';
import { SidebarToggle } from './sidebar-toggle';

type SidebarProps = {
  className?: string;
  /** Called when the user navigates: closes the sheet on narrow screens. */
  onNavigate?: () => void;
};

export function Sidebar({ className, onNavigate }: SidebarProps) {
  const newChat = useNewChat();
  const newChatKeys = useShortcutKeys('newChat');
  return (
    <div className={cn('flex h-full flex-col pt-[env(safe-area-inset-top)]', className)}>
      <div className="flex h-13 shrink-0 items-center justify-between pr-2 pl-4">
        <span className="flex items-center gap-2 font-medium font-serif text-xl tracking-tight">
          <Logo className="size-5 text-primary" />
          Throughline
        </span>
        <SidebarToggle label="Close sidebar" />
      </div>
      <div className="shrink-0 px-2 pb-2">
        <Button
          variant="outline"
          className="w-full justify-start gap-2.5 px-2.5 shadow-xs"
          onClick={() => {
            newChat();
            onNavigate?.();
          }}
        >
          <SquarePen className="text-primary" />
          New chat
          {newChatKeys && <Kbd keys={newChatKeys} className="ml-auto pointer-coarse:hidden" />}
        </Button>
      </div>
      <ChatList onNavigate={onNavigate} />
      <div className="flex shrink-0 items-center gap-1 border-t p-2 pb-[max(0.5rem,env(safe-area-inset-bottom))]">
        <AccountMenu />
        <ThemeToggle />
      </div>
    </div>
  );
}
