'use client';

/**
 * The user's settings in the browser. A change applies at once; changes are sent to the server one
 * after the other, and again after an outage. What is needed at the start of a page is cached in
 * the browser until the server's settings have loaded.
 */
import { createStore, useStore } from '@/lib/client/browser/store';
import { toast } from '@/lib/client/browser/toast';
import { api } from '@/lib/client/http/api';
import { RequestError } from '@/lib/client/http/request-error';
import {
  applySettingsChange,
  DEFAULT_USER_SETTINGS,
  type StoredUserSettings,
  type UserSettings,
  type UserSettingsChange,
} from '@/lib/protocol/user-settings';

const SETTINGS_URL = '/api/settings';
const CACHE_KEY = 'throughline.settings';

type SettingsState = {
  /** The server's settings, or the cached ones until they have loaded. */
  stored: StoredUserSettings;
  loaded: boolean;
  /** Changes that the server has not confirmed, oldest first. */
  pending: readonly UserSettingsChange[];
  /** Derived: the stored settings with the pending changes. */
  changed: StoredUserSettings;
  /** Derived: `changed` with the defaults. */
  settings: UserSettings;
};

const store = createStore<SettingsState>({
  stored: {},
  loaded: false,
  pending: [],
  changed: {},
  settings: DEFAULT_USER_SETTINGS,
});

if (typeof window !== 'undefined') update({ stored: readCache() });

function update(change: Partial<Pick<SettingsState, 'stored' | 'loaded' | 'pending'>>): void {
  const { stored, loaded, pending } = { ...store.getState(), ...change };
  const changed = pending.reduce(applySettingsChange, stored);
  const settings = { ...DEFAULT_USER_SETTINGS, ...changed };
  store.setState({ stored, loaded, pending, changed, settings });
}

function readCache(): StoredUserSettings {
  try {
    return JSON.parse(localStorage.getItem(CACHE_KEY) ?? '{}') as StoredUserSettings;
  } catch {
    return {};
  }
}

/** Without personal texts, which must not stay in a shared browser. */
function writeCache({ name, language, instructions, ...cached }: StoredUserSettings): void {
  try {
    localStorage.setItem(CACHE_KEY, JSON.stringify(cached));
  } catch {
    // Storage is full or blocked: the settings apply once they have loaded.
  }
}

/** Incremented by each response: a request sent before it may return older settings. */
let responseCount = 0;

/**
 * Fetches the settings, which another tab or device may have changed, and sends pending changes.
 * @throws RequestError
 */
export async function loadUserSettings(): Promise<void> {
  if (store.getState().pending.length > 0) return await sendPending();
  const countBefore = responseCount;
  const stored = await api<StoredUserSettings>(SETTINGS_URL);
  if (countBefore !== responseCount || sending) return;
  receive(stored);
}

function receive(stored: StoredUserSettings, confirmed = 0): void {
  responseCount += 1;
  update({ stored, loaded: true, pending: store.getState().pending.slice(confirmed) });
  writeCache(store.getState().changed);
}

/** Changes settings: on this page at once, then on the server. Failures are displayed. */
export function saveUserSettings(change: UserSettingsChange): void {
  update({ pending: [...store.getState().pending, change] });
  writeCache(store.getState().changed);
  sendPending().catch((error: unknown) => {
    const description = error instanceof RequestError ? error.message : undefined;
    toast.error('Couldn’t save the settings.', { description });
  });
}

let sending: Promise<void> | null = null;

/** Concurrent calls share the requests. */
function sendPending(): Promise<void> {
  sending ??= sendAll().finally(() => {
    sending = null;
  });
  return sending;
}

async function sendAll(): Promise<void> {
  for (;;) {
    const [change] = store.getState().pending;
    if (!change) return;
    try {
      receive(await api<StoredUserSettings>(SETTINGS_URL, { method: 'PATCH', json: change }), 1);
    } catch (error) {
      // Kept on this page, and sent again when the server is back.
      if (!isPermanent(error)) throw error;
      update({ pending: store.getState().pending.slice(1) });
      writeCache(store.getState().changed);
      throw error;
    }
  }
}

/** Whether the server would reject the same change again. */
function isPermanent(error: unknown): boolean {
  return error instanceof RequestError && error.status >= 400 && error.status < 429;
}

/** Returns the user's settings, or a part of them; re-renders when that changes. */
export function useUserSettings<S = UserSettings>(
  select: (settings: UserSettings) => S = (settings) => settings as unknown as S,
): S {
  return useStore(store, (state) => select(state.settings));
}

/** Returns the theme that the user has chosen; undefined if none. */
export function useChosenTheme(): UserSettings['theme'] | undefined {
  return useStore(store, (state) => state.changed.theme);
}

/** Returns the current settings, in callbacks. */
export function getUserSettings(): UserSettings {
  return store.getState().settings;
}

/** Whether the server's settings have loaded. Until then personal texts are unknown. */
export function useSettingsLoaded(): boolean {
  return useStore(store, (state) => state.loaded);
}
