/**
 * Where `find` is in `text`, from the first place on; places may overlap. Knuth, Morris and Pratt: the
 * work is at most in proportion to both lengths together, where `indexOf` takes their product for texts
 * that repeat themselves.
 * @param atMost stops after so many
 */
export function findPlaces(text: string, find: string, atMost: number): number[] {
  const places: number[] = [];
  if (find === '') return places;
  const borders = bordersOf(find);
  const first = find[0] as string;
  let matched = 0;
  for (let at = 0; at < text.length && places.length < atMost; at++) {
    if (matched === 0) {
      // Most of a text is passed over by the engine's own search for one character.
      at = text.indexOf(first, at);
      if (at === -1) break;
    }
    matched = extend(find, borders, matched, text.charCodeAt(at));
    if (matched === find.length) {
      places.push(at - find.length + 1);
      matched = borders[matched - 1] as number;
    }
  }
  return places;
}

/** For each prefix of the text, the length of the longest shorter one that it ends with. */
function bordersOf(text: string): Int32Array {
  const borders = new Int32Array(text.length);
  for (let at = 1; at < text.length; at++) {
    borders[at] = extend(text, borders, borders[at - 1] as number, text.charCodeAt(at));
  }
  return borders;
}

/** How much of `find` is matched after one more character. */
function extend(find: string, borders: Int32Array, matched: number, code: number): number {
  let length = matched;
  while (length > 0 && (length === find.length || find.charCodeAt(length) !== code)) {
    length = borders[length - 1] as number;
  }
  return find.charCodeAt(length) === code ? length + 1 : length;
}
