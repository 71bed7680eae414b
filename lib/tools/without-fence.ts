/** A fence may be behind white space, and name a language of this length at most. */
const OPENING = /^\s*```[^\n`]{0,60}\n/;
const MAYBE_OPENING = /^\s*(`{0,2}|```[^\n`]{0,60})$/;
/** An end that a closing fence may stand in, or begin in. */
const MAYBE_CLOSING = /\n(`{0,2}|```\s*)$/;
const CLOSING = /^\n```\s*$/;

/**
 * A program or table as it comes, without the fence that models put around it whatever they are told.
 * Fences within it stay.
 */
export async function* withoutFence(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let held = '';
  let fenced: boolean | undefined;
  for await (const piece of pieces) {
    let text = held + piece;
    held = '';
    if (fenced === undefined) {
      const opening = OPENING.exec(text);
      if (!opening && MAYBE_OPENING.test(text)) {
        held = text;
        continue;
      }
      fenced = opening !== null;
      text = text.slice(opening?.[0].length ?? 0);
    }
    const end = fenced ? MAYBE_CLOSING.exec(text) : null;
    if (end) {
      held = text.slice(end.index);
      text = text.slice(0, end.index);
    }
    if (text !== '') yield text;
  }
  const rest = fenced && CLOSING.test(held) ? '\n' : held;
  if (rest !== '') yield rest;
}
