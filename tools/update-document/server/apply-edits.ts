/** Applies exact replacements to a text: all of them, or none with the reason. */
import { setImmediate } from 'node:timers/promises';
import { findOccurrences } from '@/lib/server/documents/find-occurrences';

export type Edit = { find: string; replace: string };

export type EditResult = { content: string } | { error: string };

/** Maximum characters of an edit that an error message quotes. */
const MAX_QUOTED_CHARS = 80;
/** Occurrences above this number are not counted; the message says "more than". */
const MAX_COUNTED_OCCURRENCES = 10;
/** Yields to the event loop after searching this many characters. */
const CHARS_PER_EVENT_LOOP_TURN = 2_000_000;

/**
 * Applies edits, each of whose `find` must occur exactly once in the content. All edits are matched
 * against the original content, so their order does not matter, and matches must not overlap.
 * @returns the edited content, or an error message for the model
 */
export async function applyEdits(content: string, edits: readonly Edit[]): Promise<EditResult> {
  const replacements: Array<{ from: number; to: number; replace: string; number: number }> = [];
  let searchedChars = 0;
  for (const [index, { find, replace }] of edits.entries()) {
    const number = index + 1;
    searchedChars += content.length + find.length;
    if (searchedChars > CHARS_PER_EVENT_LOOP_TURN) {
      searchedChars = 0;
      await setImmediate();
    }
    const occurrences = findOccurrences(content, find, MAX_COUNTED_OCCURRENCES + 1);
    const [from] = occurrences;
    if (from === undefined) return editError(number, find, 'is not in the document', HINTS.none);
    if (occurrences.length > 1) {
      const count =
        occurrences.length > MAX_COUNTED_OCCURRENCES
          ? `more than ${MAX_COUNTED_OCCURRENCES}`
          : occurrences.length;
      return editError(number, find, `occurs ${count} times`, HINTS.many);
    }
    replacements.push({ from, to: from + find.length, replace, number });
  }
  replacements.sort((a, b) => a.from - b.from);
  let edited = '';
  let position = 0;
  for (const [index, replacement] of replacements.entries()) {
    const previous = replacements[index - 1];
    if (previous && replacement.from < previous.to) {
      const message = `Edits ${previous.number} and ${replacement.number} change the same place.`;
      return { error: `${message} Combine them into one edit. Nothing was changed.` };
    }
    edited += content.slice(position, replacement.from) + replacement.replace;
    position = replacement.to;
  }
  edited += content.slice(position);
  if (edited === content) return { error: 'The edits change nothing.' };
  return { content: edited };
}

const HINTS = {
  none: 'Copy it exactly, including spaces and line breaks; readDocument returns the content.',
  many: 'Make it longer so that it matches only one place.',
};

function editError(number: number, find: string, problem: string, hint: string): EditResult {
  const quoted = find.length > MAX_QUOTED_CHARS ? `${find.slice(0, MAX_QUOTED_CHARS)}…` : find;
  return { error: `Edit ${number}: “${quoted}” ${problem}. ${hint} Nothing was changed.` };
}
