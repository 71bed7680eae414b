/** Validation of a user's settings, as clients send them and as they are stored. */
import { z } from 'zod';
import { type DeleteAccountBody, LIMITS } from '@/lib/protocol/api';
import { SHORTCUT_ACTIONS, type ShortcutAction } from '@/lib/protocol/shortcuts';
import {
  COLUMN_WIDTHS,
  SEND_KEYS,
  type StoredUserSettings,
  TEXT_SIZES,
  THEMES,
  USER_SETTING_KEYS,
  type UserSettings,
  type UserSettingsChange,
} from '@/lib/protocol/user-settings';
import { storableString } from '@/lib/server/http/input-fields';

type SettingSchemas = {
  [Key in keyof UserSettings]: z.ZodType<UserSettings[Key], z.ZodTypeDef, unknown>;
};

/** Text on one line. */
const line = (maxChars: number) =>
  storableString
    .transform((text) => text.replace(/\s+/g, ' ').trim())
    .pipe(z.string().max(maxChars));

/** "$mod+Shift+O", or '' for no shortcut. Printable ASCII without spaces. */
const shortcutKeys = z
  .string()
  .max(40)
  .regex(/^[!-~]*$/, 'must be a shortcut');

const shortcutsOf = <T extends z.ZodTypeAny>(keys: T) =>
  z
    .object(
      Object.fromEntries(SHORTCUT_ACTIONS.map((action) => [action, keys])) as Record<
        ShortcutAction,
        T
      >,
    )
    .partial();

const SCHEMAS: SettingSchemas = {
  theme: z.enum(THEMES),
  textSize: z.enum(TEXT_SIZES),
  columnWidth: z.enum(COLUMN_WIDTHS),
  sendKey: z.enum(SEND_KEYS),
  shortcutsEnabled: z.boolean(),
  shortcuts: shortcutsOf(shortcutKeys),
  name: line(LIMITS.userNameChars),
  language: line(LIMITS.languageChars),
  instructions: storableString.pipe(z.string().trim().max(LIMITS.systemPromptChars)),
};

/** The fields of a change: each is optional, and null restores the default. */
const changeFields = Object.fromEntries(
  Object.entries({ ...SCHEMAS, shortcuts: shortcutsOf(shortcutKeys.nullable()) }).map(
    ([key, schema]) => [key, schema.nullable().optional()],
  ),
);

// Object.fromEntries loses the types of the fields, which SCHEMAS has checked.
export const settingsChangeSchema = z
  .object(changeFields)
  .refine((change) => Object.keys(change).length > 0, 'nothing to change') as unknown as z.ZodType<
  UserSettingsChange,
  z.ZodTypeDef,
  unknown
>;

export const deleteAccountSchema: z.ZodType<DeleteAccountBody> = z.object({
  email: z.string().max(320).nullable(),
});

/** Returns the valid entries of a stored row: another version may have stored others. */
export function parseStoredSettings(stored: Record<string, unknown>): StoredUserSettings {
  return Object.fromEntries(
    USER_SETTING_KEYS.flatMap((key) => {
      const parsed = SCHEMAS[key].safeParse(stored[key]);
      return parsed.success ? [[key, parsed.data]] : [];
    }),
  );
}
