import { randomBytes } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { Queryable } from '@/lib/db/client';
import { setting } from '@/lib/db/schema';

const KEY = 'auth.secret';

/**
 * The installation's own signing secret: 256 random bits, made by whichever process asks first and
 * the same for all of them from then on.
 */
export async function loadSecret(db: Queryable): Promise<string> {
  const kept = await readSecret(db);
  if (kept !== null) return kept;
  // Of several processes that come here at once, one insert wins and all read that one's value.
  await db
    .insert(setting)
    .values({ key: KEY, value: randomBytes(32).toString('base64url') })
    .onConflictDoNothing();
  const made = await readSecret(db);
  if (made === null) throw new Error('The signing secret was written but cannot be read back.');
  return made;
}

async function readSecret(db: Queryable): Promise<string | null> {
  const [row] = await db
    .select({ value: setting.value })
    .from(setting)
    .where(eq(setting.key, KEY))
    .limit(1);
  return row?.value ?? null;
}
