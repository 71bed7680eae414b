/** Exact replacements in a text: all of them, or none and the reason. Pure. */

export type Edit = { find: string; replace: string };

export type Edited = { content: string } | { error: string };

/** Characters of an edit that a reason quotes, at most. */
const QUOTED_CHARS = 80;

/**
 * Each edit's text must be in the content exactly once; all look at the content as it was, so their
 * order is of no matter, and none may touch the place of another.
 */
export function applyEdits(content: string, edits: readonly Edit[]): Edited {
  const places: Array<{ from: number; to: number; replace: string; number: number }> = [];
  for (const [index, { find, replace }] of edits.entries()) {
    const number = index + 1;
    const from = find === '' ? -1 : content.indexOf(find);
    if (from === -1) return refuse(number, find, 'is not in the document', HINTS.none);
    if (content.indexOf(find, from + 1) !== -1) {
      return refuse(number, find, `is there ${countOf(content, find)} times`, HINTS.many);
    }
    places.push({ from, to: from + find.length, replace, number });
  }
  places.sort((a, b) => a.from - b.from);
  let edited = '';
  let at = 0;
  for (const [index, place] of places.entries()) {
    const before = places[index - 1];
    if (before && place.from < before.to) {
      const both = `Edits ${before.number} and ${place.number} change the same place.`;
      return { error: `${both} Make one edit of them. Nothing was changed.` };
    }
    edited += content.slice(at, place.from) + place.replace;
    at = place.to;
  }
  edited += content.slice(at);
  if (edited === content) return { error: 'The edits change nothing.' };
  return { content: edited };
}

const HINTS = {
  none: 'Copy it exactly as it stands there, with its spaces and line breaks; readDocument gives it.',
  many: 'Make it longer, so that only one place fits.',
};

function refuse(number: number, find: string, what: string, hint: string): Edited {
  const quoted = find.length > QUOTED_CHARS ? `${find.slice(0, QUOTED_CHARS)}…` : find;
  return { error: `Edit ${number}: “${quoted}” ${what}. ${hint} Nothing was changed.` };
}

/** How often a text is in another; places may overlap. */
function countOf(content: string, find: string): number {
  let count = 0;
  for (let at = content.indexOf(find); at !== -1; at = content.indexOf(find, at + 1)) count++;
  return count;
}
