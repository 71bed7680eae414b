import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { Queryable } from '@/lib/server/db/client';
import { setting } from '@/lib/server/db/schema';

const KEY = 'auth.secret';

/**
 * The installation's own signing secret: 256 random bits, made by whichever process asks first and
 * the same for all of them from then on.
 */
export async function loadSigningSecret(db: Queryable): Promise<string> {
  const stored = await readStoredSecret(db);
  if (stored !== null) return stored;
  // Of several processes that come here at once, one insert wins and all read that one's value.
  await db
    .insert(setting)
    .values({ key: KEY, value: randomBytes(32).toString('base64url') })
    .onConflictDoNothing();
  const created = await readStoredSecret(db);
  if (created === null) throw new Error('The signing secret was written but cannot be read back.');
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
