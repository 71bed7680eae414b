'use client';

import { useState } from 'react';
import InstructionsDialog from '@/components/chat/instructions-dialog';
import { saveChatSettings, useStoredChatSettings } from '@/lib/client/chat/use-chat-settings';

type StoredInstructionsDialogProps = {
  chatId: string;
  onClose: () => void;
  onRestoreFocus: () => void;
};

/** Loads and edits the instructions of any chat. Default export, because it is lazy-loaded. */
export default function StoredInstructionsDialog({
  chatId,
  ...props
}: StoredInstructionsDialogProps) {
  const { data, error, isValidating } = useStoredChatSettings(chatId);
  // The cached settings may be outdated: the form waits until they have been fetched again.
  const [isLoaded, setIsLoaded] = useState(false);
  if (!isLoaded && data && !error && !isValidating) setIsLoaded(true);
  return (
    <InstructionsDialog
      settings={isLoaded ? data : undefined}
      loadError={error?.message}
      save={(changes) => saveChatSettings(chatId, changes)}
      {...props}
    />
  );
}
