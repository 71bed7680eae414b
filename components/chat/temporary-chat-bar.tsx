'use client';

import { Trash2 } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { useDeleteChat } from '@/lib/client/history/use-delete-chat';

type TemporaryChatBarProps = {
  chatId: string;
  /** Whether the chat exists on the server. */
  isStored: boolean;
};

/** Says what a temporary chat is, and deletes it. Default export, because it is lazy-loaded. */
export default function TemporaryChatBar({ chatId, isStored }: TemporaryChatBarProps) {
  const deleteChat = useDeleteChat();
  return (
    <div className="flex shrink-0 items-center gap-3 px-3.5 pb-1 text-muted-foreground text-sm sm:px-4.5 print:hidden">
      <p className="min-w-0 text-balance">
        Not in your history. Deleted 24 hours after its last use.
      </p>
      {isStored && (
        <Button
          variant="outline"
          size="sm"
          className="shrink-0"
          onClick={() => deleteChat({ id: chatId, title: '' }, { isTemporary: true })}
        >
          <Trash2 /> Delete now
        </Button>
      )}
    </div>
  );
}
