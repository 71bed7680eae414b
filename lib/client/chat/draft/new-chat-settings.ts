/** The settings of a chat without messages, stored in the browser like its draft. */
import { draftStorageKey } from '@/lib/client/account/draft-storage';
import { NEW_CHAT_DRAFT_NAME } from '@/lib/client/chat/draft/draft-store';
import { DEFAULT_CHAT_SETTINGS, type NewChatSettings } from '@/lib/protocol/chat-settings';

/** The stored text when a first message was sent; null unless one is being sent. */
let storedAtSend: string | null = null;

/**
 * Returns the stored settings of the next new chat, if any. Those of a first message that is being
 * sent belong to its chat.
 */
export function readNewChatSettings(): NewChatSettings {
  const stored = readStored();
  if (stored === null || stored === storedAtSend) return {};
  try {
    const parsed: unknown = JSON.parse(stored);
    return Object.fromEntries(
      Object.entries(parsed ?? {}).filter(([name, value]) => isSetting(name, value)),
    );
  } catch {
    return {};
  }
}

/** False for entries that an older or newer version of the app may have stored. */
function isSetting(name: string, value: unknown): boolean {
  if (name === 'modelRef' || !Object.hasOwn(DEFAULT_CHAT_SETTINGS, name)) return false;
  return name === 'temporary'
    ? typeof value === 'boolean'
    : value === null || typeof value === 'string';
}

export function saveNewChatSettings(settings: NewChatSettings): void {
  const key = draftStorageKey('settings', NEW_CHAT_DRAFT_NAME);
  if (!key) return;
  const isDefault = Object.values(settings).every((value) => !value);
  try {
    if (isDefault) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(settings));
  } catch {
    // Storage is full or blocked: only the stored copy is lost.
  }
}

/**
 * Called when a first message is sent, and when its chat has stored others during the send. They
 * stay stored until the server accepts the message.
 */
export function beginNewChatSend(): void {
  storedAtSend = readStored();
}

/**
 * Called when the server has accepted or rejected the first message. Removes the stored settings of
 * an accepted one, but not what another new chat has stored meanwhile.
 * @param settings of its chat, which may have been changed and stored during the send
 */
export function finishNewChatSend(accepted: boolean, settings: NewChatSettings): void {
  const stored = readStored();
  const isOwn = stored === storedAtSend || stored === JSON.stringify(settings);
  storedAtSend = null;
  if (accepted && isOwn) saveNewChatSettings({});
}

function readStored(): string | null {
  const key = draftStorageKey('settings', NEW_CHAT_DRAFT_NAME);
  try {
    return key && localStorage.getItem(key);
  } catch {
    return null;
  }
}
