/** The settings of a chat without messages, stored in the browser like its draft. */
import { draftStorageKey } from '@/lib/client/account/draft-storage';
import { NEW_CHAT_DRAFT_NAME } from '@/lib/client/chat/draft/draft-store';
import { DEFAULT_CHAT_SETTINGS, type NewChatSettings } from '@/lib/protocol/chat-settings';

/** Returns the stored settings of the next new chat, if any. */
export function readNewChatSettings(): NewChatSettings {
  const key = draftStorageKey('settings', NEW_CHAT_DRAFT_NAME);
  try {
    const stored: unknown = JSON.parse((key && localStorage.getItem(key)) ?? '{}');
    // An older or newer version of the app may have stored other entries.
    return Object.fromEntries(
      Object.entries(stored ?? {}).filter(([name]) => name in DEFAULT_CHAT_SETTINGS),
    );
  } catch {
    return {};
  }
}

export function saveNewChatSettings(settings: NewChatSettings): void {
  const key = draftStorageKey('settings', NEW_CHAT_DRAFT_NAME);
  if (!key) return;
  const isDefault = Object.values(settings).every((value) => value === null);
  try {
    if (isDefault) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(settings));
  } catch {
    // Storage is full or blocked: only the stored copy is lost.
  }
}
