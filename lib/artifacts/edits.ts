/** Exact replacements in a text: all of them, or none and the reason. */
import { setImmediate } from 'node:timers/promises';
import { findPlaces } from '@/lib/artifacts/find-places';

export type Edit = { find: string; replace: string };

export type Edited = { content: string } | { error: string };

/** Characters of an edit that a reason quotes, at most. */
const QUOTED_CHARS = 80;
/** Places that are counted; a reason says no more than that there are more. */
const COUNTED_PLACES = 10;
/** Other requests have their turn after so many characters have been searched. */
const SEARCHED_PER_TURN = 2_000_000;

/**
 * Each edit's text must be in the content exactly once; all look at the content as it was, so their
 * order is of no matter, and none may touch the place of another.
 */
export async function applyEdits(content: string, edits: readonly Edit[]): Promise<Edited> {
  const places: Array<{ from: number; to: number; replace: string; number: number }> = [];
  let searched = 0;
  for (const [index, { find, replace }] of edits.entries()) {
    const number = index + 1;
    searched += content.length + find.length;
    if (searched > SEARCHED_PER_TURN) {
      searched = 0;
      await setImmediate();
    }
    const found = findPlaces(content, find, COUNTED_PLACES + 1);
    const [from] = found;
    if (from === undefined) return refuse(number, find, 'is not in the document', HINTS.none);
    if (found.length > 1) {
      const times = found.length > COUNTED_PLACES ? `more than ${COUNTED_PLACES}` : found.length;
      return refuse(number, find, `is there ${times} times`, HINTS.many);
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
