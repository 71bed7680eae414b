/**
 * Where the browser keeps what is written and not saved yet. Names begin with the account: somebody
 * else who uses the same browser is shown nothing of it.
 */
import { pageUser } from '@/lib/client/http';

const PREFIX = 'throughline.';

/** The name of a draft of this kind for the page's user; null while it is not known who that is. */
export function draftName(kind: 'draft' | 'document', name: string): string | null {
  const user = pageUser();
  return user ? `${PREFIX}${kind}.${user.id}.${name}` : null;
}

/** Gives the drafts of one account to another: those of a guest who has signed in. */
export function handOverDrafts(fromId: string, toId: string): void {
  try {
    for (const kind of ['draft', 'document']) {
      const [from, to] = [`${PREFIX}${kind}.${fromId}.`, `${PREFIX}${kind}.${toId}.`];
      for (const key of Object.keys(localStorage)) {
        if (!key.startsWith(from)) continue;
        const name = to + key.slice(from.length);
        // The account may have a draft of its own in the same place.
        if (localStorage.getItem(name) !== null) continue;
        localStorage.setItem(name, localStorage.getItem(key) ?? '');
        localStorage.removeItem(key);
      }
    }
  } catch {
    // Storage that is full or forbidden costs only the drafts.
  }
}
