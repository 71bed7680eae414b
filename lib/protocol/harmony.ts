/**
 * The harmony format of gpt-oss, where a server passes it on as text:
 * `<|channel|>analysis<|message|>…<|end|><|start|>assistant<|channel|>final<|message|>…<|return|>`. Pure
 * and incremental.
 *
 * The final channel, and commentary for the user, are the answer; analysis, and what is addressed to a
 * tool, is thinking. Within the answer a token ends a message only where another one or the end of the
 * text follows: an answer may quote them.
 */
import { findSign, isPartial, MAX_HELD_CHARS, partialSign } from './think-signs';

export const HARMONY_STARTS: readonly string[] = ['<|channel|>', '<|start|>'];

const MESSAGE = '<|message|>';
const ENDS = ['<|end|>', '<|return|>', '<|call|>'];
const NEXT = ['<|channel|>', '<|start|>assistant'];
const ANY_END = [...ENDS, ...HARMONY_STARTS];
const TEXT_ENDS = [...ENDS, '<|start|>assistant'];
const ANY_SIGN = [...ANY_END, '<|start|>assistant'];
/** No header comes near this; what does is no harmony. */
const MAX_HEADER_CHARS = 300;

type Kind = 'text' | 'reasoning';

export function createHarmonyReader(give: (type: Kind, text: string) => void) {
  let held = '';
  let state: 'header' | 'message' | 'gap' = 'header';
  let kind: Kind = 'text';
  let begun = false;
  const given = { text: false, reasoning: false };

  function say(text: string): void {
    const shown = begun ? text : text.trimStart();
    if (shown === '') return;
    if (!begun && given[kind]) give(kind, '\n\n');
    begun = true;
    given[kind] = true;
    give(kind, shown);
  }

  function begin(next: Kind): void {
    state = 'message';
    kind = next;
    begun = false;
  }

  /** Each step returns whether there may be more to do. */
  function readHeader(final: boolean): boolean {
    const at = held.indexOf(MESSAGE);
    if (at === -1) {
      if (held.length > MAX_HEADER_CHARS) begin('text');
      else if (final) held = '';
      return held.length > MAX_HEADER_CHARS;
    }
    const header = held.slice(0, at);
    const channel = /<\|channel\|>\s*(\w+)/.exec(header)?.[1];
    const isAnswer = channel === undefined || channel === 'final' || channel === 'commentary';
    begin(isAnswer && !/\bto=/.test(header) ? 'text' : 'reasoning');
    held = held.slice(at + MESSAGE.length);
    return true;
  }

  function readGap(final: boolean): boolean {
    const text = held.trimStart();
    if (HARMONY_STARTS.some((start) => text.startsWith(start))) {
      held = text;
      state = 'header';
      return true;
    }
    if (text === '' && final) held = '';
    if (text === '' || (!final && isPartial(text, HARMONY_STARTS))) return false;
    held = text;
    begin('text');
    return true;
  }

  function readMessage(final: boolean): boolean {
    let from = 0;
    for (;;) {
      const found = findSign(held, kind === 'text' ? TEXT_ENDS : ANY_END, from);
      if (!found) break;
      const end = found.at + found.sign.length;
      const isStart = found.sign.startsWith('<|start|>') || found.sign === '<|channel|>';
      const verdict = isStart || kind === 'reasoning' ? true : endsMessage(held.slice(end), final);
      if (verdict === null) {
        say(held.slice(0, found.at));
        held = held.slice(found.at);
        return false;
      }
      if (verdict) {
        say(held.slice(0, found.at));
        held = held.slice(isStart ? found.at : end);
        state = isStart ? 'header' : 'gap';
        return true;
      }
      from = end;
    }
    const partial = final ? 0 : partialSign(held.slice(from), ANY_SIGN);
    say(held.slice(0, held.length - partial));
    held = partial > 0 ? held.slice(-partial) : '';
    return false;
  }

  const steps = { header: readHeader, message: readMessage, gap: readGap };

  return {
    push(text: string, final = false): void {
      held += text;
      while (held !== '' && steps[state](final));
      if (held.length <= MAX_HELD_CHARS) return;
      while (held !== '' && steps[state](true));
    },
  };
}

/** @returns null where that shows only with what comes. */
function endsMessage(behind: string, final: boolean): boolean | null {
  const text = behind.trimStart();
  if (NEXT.some((next) => text.startsWith(next))) return true;
  if (final) return text === '';
  return text === '' || isPartial(text, NEXT) ? null : false;
}
