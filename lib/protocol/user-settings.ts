import type { ShortcutAction } from '@/lib/protocol/shortcuts';

export const THEMES = ['system', 'light', 'dark'] as const;
export const TEXT_SIZES = ['small', 'default', 'large', 'larger'] as const;
export const COLUMN_WIDTHS = ['narrow', 'default', 'wide', 'full'] as const;
export const SEND_KEYS = ['enter', 'mod-enter'] as const;

/**
 * The settings of a user, one entry each: the same on every device.
 * `lib/server/settings/input.ts` validates each entry.
 */
export type UserSettings = {
  theme: (typeof THEMES)[number];
  textSize: (typeof TEXT_SIZES)[number];
  /** Maximum width of the conversation. */
  columnWidth: (typeof COLUMN_WIDTHS)[number];
  /** The key that sends a message; with the other one it gets a new line. */
  sendKey: (typeof SEND_KEYS)[number];
  shortcutsEnabled: boolean;
  /** Keys that replace the default ones, in tinykeys notation; '' for no shortcut. */
  shortcuts: Partial<Record<ShortcutAction, string>>;
  /** How answers address the user. */
  name: string;
  /** The language of answers, in words; '' for that of the message. */
  language: string;
  /** Instructions for the model: part of the system prompt of every request, in all chats. */
  instructions: string;
};

export const DEFAULT_USER_SETTINGS: UserSettings = {
  theme: 'system',
  textSize: 'default',
  columnWidth: 'default',
  sendKey: 'enter',
  shortcutsEnabled: true,
  shortcuts: {},
  name: '',
  language: '',
  instructions: '',
};

export const USER_SETTING_KEYS = Object.keys(DEFAULT_USER_SETTINGS) as Array<keyof UserSettings>;

/** Only what the user has changed is stored. */
export type StoredUserSettings = Partial<UserSettings>;

/** The settings that become part of the system prompt. */
export type PersonalSettings = Pick<UserSettings, 'name' | 'language' | 'instructions'>;

/** A change: null restores the default, also of one shortcut. Other entries are unchanged. */
export type UserSettingsChange = {
  [Key in keyof Omit<UserSettings, 'shortcuts'>]?: UserSettings[Key] | null;
} & { shortcuts?: { [Action in ShortcutAction]?: string | null } | null };

/** Returns the stored settings with the change applied, as the server does. */
export function applySettingsChange(
  stored: StoredUserSettings,
  change: UserSettingsChange,
): StoredUserSettings {
  const shortcuts =
    change.shortcuts === null ? {} : withoutNulls({ ...stored.shortcuts, ...change.shortcuts });
  return withoutNulls({
    ...stored,
    ...change,
    shortcuts: Object.keys(shortcuts).length > 0 ? shortcuts : null,
  }) as StoredUserSettings;
}

function withoutNulls(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null));
}
