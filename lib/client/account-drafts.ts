/** The drafts of a whole account, when its user signs in or out. */

const namesOf = (userId: string) =>
  ['draft', 'document'].map((kind) => `throughline.${kind}.${userId}.`);

/** Gives the drafts of one account to another: those of a guest who has signed in. */
export function handOverDrafts(fromId: string, toId: string): void {
  const [fromNames, toNames] = [namesOf(fromId), namesOf(toId)];
  eachDraft(fromNames, (key, kind) => {
    const name = `${toNames[kind]}${key.slice(fromNames[kind]?.length)}`;
    // The account may have a draft of its own in the same place.
    if (localStorage.getItem(name) !== null) return;
    localStorage.setItem(name, localStorage.getItem(key) ?? '');
    localStorage.removeItem(key);
  });
}

/** Removes the drafts of an account that nobody can sign in to again. */
export function removeDrafts(userId: string): void {
  eachDraft(namesOf(userId), (key) => localStorage.removeItem(key));
}

/** @param act is given the key, and which of the names it begins with */
function eachDraft(names: readonly string[], act: (key: string, index: number) => void): void {
  try {
    for (const key of Object.keys(localStorage)) {
      const index = names.findIndex((name) => key.startsWith(name));
      if (index !== -1) act(key, index);
    }
  } catch {
    // Storage that is full or forbidden costs only the drafts.
  }
}
