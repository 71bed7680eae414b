/** Validation and columns of the settings of a chat. */
import { z } from 'zod';
import { LIMITS } from '@/lib/protocol/api';
import {
  CHAT_SETTING_KEYS,
  type ChatSettings,
  type NewChatSettings,
} from '@/lib/protocol/chat-settings';
import { isBlank } from '@/lib/protocol/is-blank';
import { chat } from '@/lib/server/db/schema';
import { storableString } from '@/lib/server/http/input-fields';
import { MAX_REF_CHARS } from '@/lib/server/models/source';

type SettingSchemas = {
  [Key in keyof ChatSettings]: z.ZodType<ChatSettings[Key], z.ZodTypeDef, unknown>;
};

export const modelRef = z.string().min(1).max(MAX_REF_CHARS);

/** What clients may send for each setting. */
const SCHEMAS: SettingSchemas = {
  modelRef,
  systemPrompt: storableString
    .pipe(z.string().trim().max(LIMITS.systemPromptChars))
    .transform((text) => (isBlank(text) ? null : text))
    .nullable(),
  temporary: z.boolean(),
};

const settingsSchema = z.object(SCHEMAS).partial();

/** A change of the settings of a chat. */
export const chatSettingsSchema = settingsSchema.omit({ temporary: true });

export const newChatSettingsSchema: z.ZodType<NewChatSettings, z.ZodTypeDef, unknown> =
  settingsSchema.omit({ modelRef: true });

/** The columns selected for ChatSettings. */
export const chatSettingsColumns = Object.fromEntries(
  CHAT_SETTING_KEYS.map((key) => [key, chat[key]]),
) as Pick<typeof chat, keyof ChatSettings>;

/** Name and SQL type of each setting's column. */
export const CHAT_SETTINGS_SQL = CHAT_SETTING_KEYS.map((key) => ({
  key,
  column: `"${chat[key].name}"`,
  type: chat[key].getSQLType(),
}));
