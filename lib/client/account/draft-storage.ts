/**
 * Where the browser keeps what is written and not saved yet. Names begin with the account: somebody
 * else who uses the same browser is shown nothing of it.
 */
import { getCurrentUser } from '@/lib/client/http/api';

const PREFIX = 'throughline.';

/** The name of a draft of this kind for the page's user; null while it is not known who that is. */
export function draftStorageKey(kind: 'draft' | 'document', newKey: string): string | null {
  const user = getCurrentUser();
  return user ? `${PREFIX}${kind}.${user.id}.${newKey}` : null;
}
