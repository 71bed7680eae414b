'use client';

import { SquarePen } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { moveDraftToNewChat } from '@/lib/client/chat/draft/draft-store';
import { useNewChat } from '@/lib/client/navigation/use-new-chat';

/**
 * Replaces the message box when the chat is no longer available. The displayed messages stay
 * readable, and an unsent draft moves to the new chat.
 */
export default function ChatUnavailableNotice({
  reason,
  draftName,
}: {
  reason: string;
  draftName: string;
}) {
  const newChat = useNewChat();
  return (
    <div className="mx-auto w-full max-w-column px-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] sm:px-4">
      <div
        role="alert"
        className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-2xl border bg-muted py-2.5 pr-2.5 pl-4 text-sm"
      >
        <p className="min-w-40 flex-1">{reason}</p>
        <Button
          size="sm"
          onClick={() => {
            moveDraftToNewChat(draftName);
            newChat();
          }}
        >
          <SquarePen /> New chat
        </Button>
      </div>
    </div>
  );
}
