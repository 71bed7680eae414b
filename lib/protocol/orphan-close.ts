/**
 * Finds a sign that closes thinking which nothing in the text has opened, because the prompt did. Pure
 * and incremental. In code, in quotation marks and in prose about such tags it is text.
 */
import { isPartial, ORPHAN_CLOSERS } from './think-signs';

export type OrphanCloseFinder = {
  /**
   * @param final nothing comes behind this text
   * @returns the text in front of the closing sign, whether there is one, and what is behind it, or what
   *   cannot be decided yet.
   */
  take(held: string, final: boolean): { text: string; closed: boolean; rest: string };
};

const OPENERS = ['<think>', '<thinking>'];
const SIGNS = [...OPENERS, ...ORPHAN_CLOSERS];
const STOPS = /`+|\n|[<◁[]/g;
const FENCE = /^ {0,3}(?:```|~~~)/;
const SENTENCE_END = /[.!?。！？…]/;
const PUNCTUATION = /[.,;:!?)\]}"'`”’»]/;
const QUOTE = /["'`“”‘’«»„]/;
const BEGINS_SENTENCE = /[\p{Lu}\p{Lo}\d*#>|\-$\\]/u;

export function createOrphanCloseFinder(): OrphanCloseFinder {
  let inFence = false;
  /** Backticks that opened inline code; 0 outside of it. */
  let ticks = 0;
  let line = '';
  let lastChar = '';
  let lastInk = '';
  let speaksOfTags = false;

  function pass(text: string): void {
    if (text === '') return;
    if (line.length < 8) line = (line + text).slice(0, 8);
    lastChar = text[text.length - 1] ?? '';
    const ink = text.trimEnd();
    if (ink !== '') lastInk = ink[ink.length - 1] ?? '';
  }

  function endLine(): void {
    if (FENCE.test(line)) inFence = !inFence;
    if (FENCE.test(line) || line.trim() === '') ticks = 0;
    line = '';
    lastChar = '\n';
  }

  function passTicks(run: string): void {
    const isFence = run.length >= 3 && line.trim() === '';
    pass(run);
    if (inFence || isFence) return;
    if (ticks === 0) ticks = run.length;
    else if (ticks === run.length) ticks = 0;
  }

  function isClose(space: string, next: string): boolean {
    if (inFence) return false;
    const atLineStart = line.trim() === '';
    const endsLine = next === '' || space.includes('\n');
    if (atLineStart && endsLine) return true;
    if (ticks > 0 || speaksOfTags || (QUOTE.test(lastChar) && QUOTE.test(next) && !space))
      return false;
    const isTight = atLineStart || /\S/.test(lastChar);
    if (isTight && (endsLine || space === '')) return endsLine || !PUNCTUATION.test(next);
    return SENTENCE_END.test(lastInk) && (endsLine || BEGINS_SENTENCE.test(next));
  }

  return {
    take(held, final) {
      let at = 0;
      STOPS.lastIndex = 0;
      for (let stop = STOPS.exec(held); stop; stop = STOPS.exec(held)) {
        pass(held.slice(at, stop.index));
        at = stop.index;
        const [found] = stop;
        let end = at + found.length;
        if (found === '\n') {
          endLine();
          at = end;
          continue;
        }
        if (found[0] === '`') {
          if (end === held.length && !final) break;
          passTicks(found);
          at = end;
          continue;
        }
        const ahead = held.slice(at, at + MAX_SIGN);
        if (!final && isPartial(ahead, SIGNS)) break;
        const sign = SIGNS.find((candidate) => ahead.startsWith(candidate));
        if (sign && OPENERS.includes(sign)) speaksOfTags ||= !inFence;
        else if (sign) {
          end = at + sign.length;
          const behind = held.slice(end);
          const next = behind.trimStart();
          if (next === '' && !final) break;
          const space = behind.slice(0, behind.length - next.length);
          if (isClose(space, next.slice(0, 1))) {
            return { text: held.slice(0, at), closed: true, rest: behind };
          }
        }
        pass(held.slice(at, end));
        at = end;
        STOPS.lastIndex = end;
      }
      if (STOPS.lastIndex === 0) {
        pass(held.slice(at));
        at = held.length;
      }
      return { text: held.slice(0, at), closed: false, rest: held.slice(at) };
    },
  };
}

const MAX_SIGN = Math.max(...SIGNS.map((sign) => sign.length));
