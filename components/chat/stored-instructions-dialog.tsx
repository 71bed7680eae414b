'use client';

import { useEffect, useState } from 'react';
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
  const {
    data,
    error,
    mutate: refetch,
  } = useStoredChatSettings(chatId, { revalidateOnMount: false });
  // The cached settings may be outdated: the form waits until they have been fetched again. SWR's
  // isValidating does not tell: with cached settings it is still false in the first render.
  const [isFetched, setIsFetched] = useState(false);
  useEffect(() => {
    // Resolves after a failure, too.
    refetch().then(
      () => setIsFetched(true),
      () => {},
    );
  }, [refetch]);
  const [isLoaded, setIsLoaded] = useState(false);
  if (!isLoaded && isFetched && data && !error) setIsLoaded(true);
  return (
    <InstructionsDialog
      settings={isLoaded ? data : undefined}
      loadError={error?.message}
      save={(changes, expected) => saveChatSettings(chatId, changes, expected)}
      {...props}
    />
  );
}
