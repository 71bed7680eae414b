'use client';

import { Ellipsis } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, memo } from 'react';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/class-names';
import { RenameField } from '@/components/ui/rename-field';
import type { ChatSummary } from '@/lib/protocol/api';

export type RowActions = {
  openMenu: (chat: ChatSummary, anchor: HTMLElement) => void;
  startRename: (chat: ChatSummary) => void;
  finishRename: (chat: ChatSummary, title: string | null) => void;
  editInstructions: (chat: ChatSummary, anchor: HTMLElement) => void;
  deleteChat: (chat: ChatSummary, anchor: HTMLElement) => void;
  open: (chat: ChatSummary) => void;
};

type ChatRowProps = {
  chat: ChatSummary;
  isCurrent: boolean;
  renaming: boolean;
  menuOpen: boolean;
  /** The same object in every render, so that unchanged rows do not re-render. */
  actions: RowActions;
};

/** One chat in the history. F2 renames it, Delete deletes it. */
export const ChatRow = memo(function ChatRow({
  chat,
  isCurrent,
  renaming,
  menuOpen,
  actions,
}: ChatRowProps) {
  const title = chat.title || 'New chat';

  function onKeyDown(event: KeyboardEvent<HTMLAnchorElement>) {
    if (event.key === 'F2') actions.startRename(chat);
    else if (event.key === 'Delete') actions.deleteChat(chat, event.currentTarget);
    else return;
    event.preventDefault();
  }

  function onClick(event: MouseEvent) {
    // Let the browser open it in a new tab or window.
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    actions.open(chat);
  }

  if (renaming) {
    return (
      <li className="h-8 pointer-coarse:h-11">
        <RenameField
          title={title}
          label="Chat title"
          onFinish={(next) => actions.finishRename(chat, next)}
        />
      </li>
    );
  }
  return (
    <li
      className={cn(
        'group/row relative rounded-md',
        isCurrent || menuOpen ? 'bg-accent' : 'hover:bg-accent has-[a:focus-visible]:bg-accent',
      )}
    >
      <a
        href={`/chat/${chat.id}`}
        aria-current={isCurrent ? 'page' : undefined}
        onClick={onClick}
        onKeyDown={onKeyDown}
        className={cn(
          'flex h-8 items-center gap-2 rounded-md pl-2.5 text-sm pointer-coarse:h-11 pointer-coarse:pr-11',
          'focus-visible:-outline-offset-2',
          // Space for the button while it is visible.
          isCurrent || menuOpen
            ? 'pr-9'
            : 'pr-2.5 group-focus-within/row:pr-9 group-hover/row:pr-9',
          chat.titlePending && 'text-muted-foreground',
        )}
      >
        {isCurrent && (
          <span className="-translate-y-1/2 absolute top-1/2 left-0 h-4 w-0.5 rounded-full bg-primary forced-colors:bg-[Highlight]" />
        )}
        <span dir="auto" className="min-w-0 truncate">
          {title}
        </span>
        {chat.live && <LiveThread />}
      </a>
      <Button
        variant="ghost"
        size="icon-xs"
        aria-label={`Options for ${chat.titlePending ? 'the untitled chat' : title}`}
        aria-haspopup="menu"
        aria-expanded={menuOpen}
        onClick={(event) => actions.openMenu(chat, event.currentTarget)}
        className={cn(
          '-translate-y-1/2 absolute top-1/2 right-1 pointer-coarse:right-0 text-muted-foreground hover:bg-foreground/8',
          !(isCurrent || menuOpen) &&
            'opacity-0 focus-visible:opacity-100 group-hover/row:opacity-100 pointer-coarse:opacity-100',
        )}
      >
        <Ellipsis />
      </Button>
    </li>
  );
});

function LiveThread() {
  return (
    <span className="ml-auto flex shrink-0 items-center">
      <span aria-hidden="true" className="live-thread" />
      <span className="sr-only">(an answer is being generated)</span>
    </span>
  );
}
