/**
 * Storage keys of unsaved drafts. A key contains the user's id, so that another user of the same
 * browser does not see them.
 */
import { getCurrentUser } from '@/lib/client/http/api';

const PREFIX = 'throughline.';

/** The storage key of the current user's draft; null while the user is unknown. */
export function draftStorageKey(kind: 'draft' | 'document', name: string): string | null {
  const user = getCurrentUser();
  return user ? `${PREFIX}${kind}.${user.id}.${name}` : null;
}
