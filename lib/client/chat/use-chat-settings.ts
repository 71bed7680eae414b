'use client';

/** The settings of a chat: cached by SWR, and in the browser's storage until the chat exists. */
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import useSWR, { mutate, type SWRConfiguration } from 'swr';
import { ensureSession } from '@/lib/client/account/session';
import { toast } from '@/lib/client/browser/toast';
import type { SendOutcome } from '@/lib/client/chat/chat-request';
import {
  beginNewChatSend,
  finishNewChatSend,
  readNewChatSettings,
  saveNewChatSettings,
} from '@/lib/client/chat/draft/new-chat-settings';
import { api } from '@/lib/client/http/api';
import { RequestError } from '@/lib/client/http/request-error';
import { isLiveConnected, useLiveEvents } from '@/lib/client/live/use-live-events';
import type { ChatInfo, UpdateChatBody } from '@/lib/protocol/api';
import {
  CHAT_SETTING_KEYS,
  type ChatSettings,
  DEFAULT_CHAT_SETTINGS,
  type NewChatSettings,
} from '@/lib/protocol/chat-settings';

const settingsUrl = (chatId: string) => `/api/chat/${chatId}/settings`;

/** Live events trigger a refetch instead. */
const NO_POLLING = { revalidateOnFocus: false, revalidateOnReconnect: false };

/** The settings of a stored chat; undefined while loading. */
export function useStoredChatSettings(
  chatId: string | null,
  options: Pick<
    SWRConfiguration<ChatSettings, Error>,
    'fallbackData' | 'revalidateIfStale' | 'revalidateOnMount'
  > = {},
) {
  return useSWR<ChatSettings, Error>(
    chatId && settingsUrl(chatId),
    (url: string) => api<ChatSettings>(url),
    { ...NO_POLLING, ...options },
  );
}

/**
 * Changes settings of a stored chat, on this page once the server has stored them.
 * @param expected settings that must not have been changed elsewhere
 * @throws RequestError `settings_changed` if they were, after fetching them
 */
export async function saveChatSettings(
  chatId: string,
  changes: Partial<ChatSettings>,
  expected?: Partial<ChatSettings>,
): Promise<void> {
  const json: UpdateChatBody = { ...changes, expected };
  try {
    const chat = await api<ChatInfo>(`/api/chat/${chatId}`, { method: 'PATCH', json });
    await cacheSettings(chatId, chat);
  } catch (error) {
    const isOutdated = error instanceof RequestError && error.code === 'settings_changed';
    if (isOutdated) await mutate(settingsUrl(chatId)).catch(() => {});
    throw error;
  }
}

/**
 * Caches the settings; the response of a pending request is then ignored.
 * @param chat its other properties, such as the title, are not cached
 */
async function cacheSettings(chatId: string, chat: ChatSettings): Promise<void> {
  const settings = Object.fromEntries(CHAT_SETTING_KEYS.map((key) => [key, chat[key]]));
  await mutate(settingsUrl(chatId), settings, { revalidate: false });
}

/** Returns the settings whose values differ. Compares values, since reading drafts copies them. */
function changedSettings(before: NewChatSettings, after: NewChatSettings): NewChatSettings {
  const keys = Object.keys(after) as Array<keyof NewChatSettings>;
  return Object.fromEntries(
    keys.filter((key) => after[key] !== before[key]).map((key) => [key, after[key]]),
  );
}

export type UseChatSettingsResult = {
  settings: ChatSettings;
  /** Whether the chat exists on the server. */
  isStored: boolean;
  /**
   * @param expected settings that must not have been changed elsewhere
   * @throws RequestError; the settings then stay as they were
   */
  save: (changes: NewChatSettings, expected?: NewChatSettings) => Promise<void>;
  /** Returns the settings that the first message carries; undefined once the chat exists. */
  getNewChatSettings: () => NewChatSettings | undefined;
  /**
   * To be called when the server has accepted or rejected a message, also after unmounting.
   * @param modelRef the model that it was sent to
   */
  onSendFinished: (outcome: SendOutcome, modelRef: string | null) => void;
};

/**
 * The settings of the open chat, as changed in any tab.
 * @param stored the server's settings; undefined for a new chat
 */
export function useChatSettings(
  chatId: string,
  stored: ChatSettings | undefined,
): UseChatSettingsResult {
  const [isStored, setIsStored] = useState(stored !== undefined);
  const [draft, setDraft] = useState<NewChatSettings>({});
  /** The settings of a chat that does not exist yet, readable in callbacks without a render. */
  const [unsent] = useState({
    draft,
    firstSent: null as NewChatSettings | null,
    isSending: false,
  });
  const { data, mutate: refetch } = useStoredChatSettings(isStored ? chatId : null, {
    fallbackData: stored,
    // The server's state came with the page, or was sent with the first message.
    revalidateIfStale: false,
  });
  // Replaces what was cached when the chat was open before.
  useLayoutEffect(() => {
    if (stored) void cacheSettings(chatId, stored);
  }, [chatId, stored]);
  // If the connection is open already, the first `ready` comes immediately: the settings have just
  // been loaded with the chat.
  const skipsReady = useRef(false);
  useEffect(() => {
    skipsReady.current = isLiveConnected();
  }, []);
  useLiveEvents((event) => {
    const isSkipped = event.type === 'ready' && skipsReady.current;
    if (event.type === 'ready') skipsReady.current = false;
    const isChange =
      event.type === 'ready' || (event.type === 'chat-updated' && event.chatId === chatId);
    if (isChange && isStored && !isSkipped) refetch().catch(() => {});
  });

  const updateDraft = useCallback(
    (next: NewChatSettings) => {
      unsent.draft = next;
      setDraft(next);
    },
    [unsent],
  );
  useEffect(() => {
    if (stored) return;
    // The storage keys contain the user id, which is known once there is a session.
    ensureSession().then(
      () => updateDraft({ ...readNewChatSettings(), ...unsent.draft }),
      () => {},
    );
  }, [stored, updateDraft, unsent]);

  const save = useCallback(
    async (changes: NewChatSettings, expected?: NewChatSettings) => {
      if (isStored) return await saveChatSettings(chatId, changes, expected);
      updateDraft({ ...unsent.draft, ...changes });
      saveNewChatSettings(unsent.draft);
      if (unsent.isSending) beginNewChatSend();
    },
    [chatId, isStored, updateDraft, unsent],
  );
  const getNewChatSettings = useCallback(() => {
    if (isStored) return undefined;
    beginNewChatSend();
    unsent.isSending = true;
    unsent.firstSent ??= unsent.draft;
    return unsent.draft;
  }, [isStored, unsent]);
  const onSendFinished = useCallback(
    (outcome: SendOutcome, modelRef: string | null) => {
      if (isStored) return;
      unsent.isSending = false;
      finishNewChatSend(outcome === 'accepted', unsent.draft);
      if (outcome === 'rejected') return;
      setIsStored(true);
      void cacheSettings(chatId, { ...DEFAULT_CHAT_SETTINGS, ...unsent.draft, modelRef });
      // Changed while the message was being sent, or before it was sent again.
      const changes = changedSettings(unsent.firstSent ?? {}, unsent.draft);
      if (Object.keys(changes).length > 0) {
        saveChatSettings(chatId, changes).catch((error: RequestError) => {
          toast.error('Couldn’t save the chat’s settings.', { description: error.message });
          // Displays the settings that the server has instead.
          mutate(settingsUrl(chatId)).catch(() => {});
        });
      }
    },
    [chatId, isStored, unsent],
  );
  return {
    settings: data ?? { ...DEFAULT_CHAT_SETTINGS, ...draft },
    isStored,
    save,
    getNewChatSettings,
    onSendFinished,
  };
}
