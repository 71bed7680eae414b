import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { Queryable } from '@/lib/server/db/client';
import { setting } from '@/lib/server/db/schema';

const KEY = 'auth.secret';

/**
 * Returns the installation's signing secret: 256 random bits, created by the first process that
 * needs it and shared by all processes.
 */
export async function loadSigningSecret(db: Queryable): Promise<string> {
  const stored = await readStoredSecret(db);
  if (stored !== null) return stored;
  // When several processes insert concurrently, one insert wins and all read its value.
  await db
    .insert(setting)
    .values({ key: KEY, value: randomBytes(32).toString('base64url') })
    .onConflictDoNothing();
  const created = await readStoredSecret(db);
  if (created === null) throw new Error('The signing secret was stored but cannot be read.');
  return created;
}

async function readStoredSecret(db: Queryable): Promise<string | null> {
  const [row] = await db
    .select({ value: setting.value })
    .from(setting)
    .where(eq(setting.key, KEY))
    .limit(1);
  return row?.value ?? null;
}
