'use client';

import { MessageCircleDashed } from 'lucide-react';
import { Button } from '@/components/ui/button';
import type { UseChatSettingsResult } from '@/lib/client/chat/use-chat-settings';

type TemporaryChatSwitchProps = { chat: UseChatSettingsResult };

/**
 * Makes the current chat, which has no messages yet, a temporary one. On a phone an icon. Default
 * export, because it is lazy-loaded.
 */
export default function TemporaryChatSwitch({
  chat: { settings, save },
}: TemporaryChatSwitchProps) {
  return (
    <Button
      variant="ghost"
      size="sm"
      role="switch"
      aria-checked={settings.temporary}
      onClick={() => save({ temporary: !settings.temporary })}
      className="px-2 pointer-coarse:min-w-11 aria-checked:bg-accent aria-checked:text-primary forced-colors:aria-checked:outline-2"
    >
      <MessageCircleDashed />
      <span className="max-sm:sr-only">Temporary chat</span>
    </Button>
  );
}
