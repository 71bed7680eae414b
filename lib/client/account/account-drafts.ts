/** The drafts of a whole account, for when its user signs in or out. */
import { DRAFT_KINDS, draftKeyPrefix } from '@/lib/client/account/draft-storage';

const keyPrefixes = (userId: string) => DRAFT_KINDS.map((kind) => draftKeyPrefix(kind, userId));

/** Transfers the drafts of one user to another, when a guest signs in. */
export function transferDrafts(fromId: string, toId: string): void {
  const [fromPrefixes, toPrefixes] = [keyPrefixes(fromId), keyPrefixes(toId)];
  forEachDraft(fromPrefixes, (key, kind) => {
    const newKey = `${toPrefixes[kind]}${key.slice(fromPrefixes[kind]?.length)}`;
    // A draft that the account already has is not overwritten.
    if (localStorage.getItem(newKey) !== null) return;
    localStorage.setItem(newKey, localStorage.getItem(key) ?? '');
    localStorage.removeItem(key);
  });
}

/** Removes the drafts of a user who cannot sign in again. */
export function removeDrafts(userId: string): void {
  forEachDraft(keyPrefixes(userId), (key) => localStorage.removeItem(key));
}

/** Calls `action` with each draft's key and the index of its prefix. */
function forEachDraft(
  prefixes: readonly string[],
  action: (key: string, prefixIndex: number) => void,
): void {
  try {
    for (const key of Object.keys(localStorage)) {
      const index = prefixes.findIndex((prefix) => key.startsWith(prefix));
      if (index !== -1) action(key, index);
    }
  } catch {
    // Storage is full or blocked: only the drafts are lost.
  }
}
