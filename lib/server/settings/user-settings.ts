import type { JSONValue } from 'postgres';
import { AppError } from '@/lib/protocol/errors';
import {
  DEFAULT_USER_SETTINGS,
  type StoredUserSettings,
  type UserSettings,
  type UserSettingsChange,
} from '@/lib/protocol/user-settings';
import type { Identity } from '@/lib/server/account/identity';
import { sql as pool } from '@/lib/server/db/client';
import { publishEvent } from '@/lib/server/db/signals';
import { toJsonb } from '@/lib/server/db/storable';
import { parseStoredSettings } from '@/lib/server/settings/input';

type Row = { settings: Record<string, JSONValue> };

/** Returns the settings that the user has changed. */
export async function readStoredSettings(userId: string): Promise<StoredUserSettings> {
  // Not drizzle: this is read before the first token (see lib/server/chat/turn-rows).
  const [row] = await pool()<Row[]>`select settings from user_setting where user_id = ${userId}`;
  return row ? parseStoredSettings(row.settings) : {};
}

export async function readUserSettings(userId: string): Promise<UserSettings> {
  return { ...DEFAULT_USER_SETTINGS, ...(await readStoredSettings(userId)) };
}

/**
 * Changes the given settings, in one statement: concurrent changes of different settings, or of
 * different shortcuts, do not overwrite each other.
 * @returns all stored settings
 * @throws AppError unauthorized if the user was deleted meanwhile
 */
export async function updateUserSettings(
  { userId }: Identity,
  change: UserSettingsChange,
): Promise<StoredUserSettings> {
  const [row] = await pool()<Row[]>`
    with change as (select ${toJsonb(change)}::text::jsonb as fields)
    insert into user_setting as stored (user_id, settings)
    select "user".id, jsonb_strip_nulls(change.fields) from "user", change
      where "user".id = ${userId} for key share of "user"
    on conflict (user_id) do update set settings = jsonb_strip_nulls(
      stored.settings || (select fields from change) || jsonb_build_object('shortcuts',
        case when (select fields from change) -> 'shortcuts' = 'null' then '{}'
        else coalesce(stored.settings -> 'shortcuts', '{}')
          || coalesce((select fields from change) -> 'shortcuts', '{}') end))
    returning settings`;
  if (!row) throw new AppError('unauthorized');
  publishEvent(userId, { type: 'settings-updated' });
  return parseStoredSettings(row.settings);
}
