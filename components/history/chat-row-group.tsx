'use client';

import { type CSSProperties, memo } from 'react';
import type { ChatSummary } from '@/lib/protocol/api';
import { shallowEqualArrays } from '@/lib/shared/arrays';
import { ChatRow, type RowActions } from './chat-row';

/** Number of rows that are laid out or skipped together. */
export const ROWS_PER_GROUP = 40;

type ChatRowGroupProps = {
  chats: ChatSummary[];
  /** Chats of this group with a special state: open, being renamed, menu open. */
  currentId: string | undefined;
  renamingId: string | undefined;
  menuId: string | undefined;
  actions: RowActions;
};

/**
 * A group of rows of the history. The browser lays it out only near the viewport, and React renders
 * it only when one of its chats changed: a list of thousands costs little more than a short one.
 */
export const ChatRowGroup = memo(function ChatRowGroup({
  chats,
  currentId,
  renamingId,
  menuId,
  actions,
}: ChatRowGroupProps) {
  return (
    <ul
      style={{ '--rows': chats.length } as CSSProperties}
      className="flex flex-col gap-px pb-px [contain-intrinsic-height:auto_calc(var(--rows)*(2rem+1px))] [content-visibility:auto] pointer-coarse:[contain-intrinsic-height:auto_calc(var(--rows)*(2.5rem+1px))]"
    >
      {chats.map((chat) => (
        <ChatRow
          key={chat.id}
          chat={chat}
          isCurrent={chat.id === currentId}
          renaming={chat.id === renamingId}
          menuOpen={chat.id === menuId}
          actions={actions}
        />
      ))}
    </ul>
  );
}, areRowsEqual);

function areRowsEqual(before: ChatRowGroupProps, after: ChatRowGroupProps): boolean {
  return (
    before.currentId === after.currentId &&
    before.renamingId === after.renamingId &&
    before.menuId === after.menuId &&
    before.actions === after.actions &&
    shallowEqualArrays(before.chats, after.chats)
  );
}
