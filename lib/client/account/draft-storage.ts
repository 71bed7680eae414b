/**
 * Storage keys of unsaved drafts. A key contains the user's id, so that another user of the same
 * browser does not see them.
 */
import { getCurrentUser } from '@/lib/client/account/session';

export const DRAFT_KINDS = ['draft', 'settings', 'document'] as const;
type DraftKind = (typeof DRAFT_KINDS)[number];

/** The storage key of the current user's draft; null while the user is unknown. */
export function draftStorageKey(kind: DraftKind, name: string): string | null {
  const user = getCurrentUser();
  return user && `${draftKeyPrefix(kind, user.id)}${name}`;
}

/** The start of all storage keys of a user's drafts of this kind. */
export function draftKeyPrefix(kind: DraftKind, userId: string): string {
  return `throughline.${kind}.${userId}.`;
}
