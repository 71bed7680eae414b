/**
 * Tells a model's thinking from its answer where both come as one text with signs. Pure and
 * incremental: however the text is cut into pieces, the result is the same.
 *
 * What models do, and the rule that follows from it:
 * - They open with `<think>` (or another sign of `think-signs.ts`), close it, and answer. So a sign opens
 *   thinking only as the first thing of a text, white space aside, or right behind the end of thinking.
 *   Anywhere else it is text: answers explain tags and quote them in code. For the same reason a closing
 *   sign between backticks closes nothing.
 * - Thinking that is never closed (the length limit came first) is thinking to its end.
 * - Some prompt templates open it themselves: the text begins inside the thinking, and only the closing
 *   sign is seen, see `orphan-close.ts`. What came before it has been shown as text and stays text; the
 *   sign itself is dropped and `orphanClose` becomes true, so that the next answer of this model can be
 *   split with `beginInside`.
 * - With `beginInside` and no closing sign at all, the model did not think this time, or thinks and
 *   forgot to answer: the text is given again as text at the end, so that no answer is only hidden.
 * - gpt-oss marks channels, see `harmony.ts`.
 * White space next to the signs is dropped.
 */
import { createHarmonyReader, HARMONY_STARTS } from './harmony';
import { createOrphanCloseFinder } from './orphan-close';
import {
  ANSWER_SIGNS,
  findSign,
  isPartial,
  MAX_HELD_CHARS,
  ORPHAN_CLOSERS,
  partialSign,
  THINK_SIGNS,
} from './think-signs';

export type ThinkPiece = { type: 'text' | 'reasoning'; text: string };

export type ThinkSplitter = {
  push(text: string): ThinkPiece[];
  /** The text is over: gives what was held back. */
  flush(): ThinkPiece[];
  /** A closing tag was met that nothing had opened. */
  readonly orphanClose: boolean;
  /** `beginInside` was wrong: there was no closing tag. Known after `flush`. */
  readonly wrongBegin: boolean;
};

const THINK_OPENERS = THINK_SIGNS.map(({ open }) => open);
const AT_START = [...THINK_OPENERS, ...HARMONY_STARTS];
const BEHIND_THINKING = [...AT_START, ...ANSWER_SIGNS.map(({ open }) => open)];

type State = 'start' | 'inside' | 'between' | 'text' | 'plain' | 'harmony';

export function createThinkSplitter(options: { beginInside?: boolean } = {}): ThinkSplitter {
  let state: State = 'start';
  /** What cannot be decided yet. */
  let held = '';
  /** Everything given as thinking since a `beginInside`, while it may still prove wrong. */
  let unsure: string | null = options.beginInside ? '' : null;
  let closers = ORPHAN_CLOSERS;
  /** Whether any thinking was given, and whether any of what the last sign opened. */
  let thoughtBefore = false;
  let thinkingBegun = false;
  let lastThought = '';
  /** What closes the answer itself. */
  let answerClose: string | null = null;
  let orphanClose = false;
  let wrongBegin = false;
  let pieces: ThinkPiece[] = [];
  const orphans = createOrphanCloseFinder();
  const harmony = createHarmonyReader(give);

  function give(type: ThinkPiece['type'], text: string): void {
    if (text === '') return;
    if (type === 'reasoning' && unsure !== null) unsure += text;
    const last = pieces.at(-1);
    if (last?.type === type) last.text += text;
    else pieces.push({ type, text });
  }

  /** Each step takes what it can from `held` and returns whether there may be more to do. */
  const steps: Record<State, (final: boolean) => boolean> = {
    start: (final) => open(AT_START, unsure === null ? 'text' : 'inside', final),
    between: (final) => open(BEHIND_THINKING, 'plain', final),
    inside: takeThinking,
    text: takeText,
    plain: takePlain,
    harmony(final) {
      harmony.push(held, final);
      held = '';
      return false;
    },
  };

  function open(signs: readonly string[], otherwise: State, final: boolean): boolean {
    const text = held.trimStart();
    if (!final && isPartial(text, signs)) return false;
    const sign = signs.find((candidate) => text.startsWith(candidate));
    const think = THINK_SIGNS.find((candidate) => candidate.open === sign);
    if (sign === undefined) {
      if (text === '' && final) held = '';
      else if (otherwise === 'plain') held = text;
      state = otherwise;
    } else if (HARMONY_STARTS.includes(sign)) {
      unsure = null;
      held = text;
      state = 'harmony';
    } else if (think) {
      unsure = null;
      held = text.slice(sign.length);
      closers = think.closers;
      thinkingBegun = false;
      state = 'inside';
    } else {
      held = text.slice(sign.length).trimStart();
      answerClose = ANSWER_SIGNS.find((candidate) => candidate.open === sign)?.close ?? null;
      state = 'plain';
    }
    return held !== '';
  }

  function takeThinking(final: boolean): boolean {
    const close = findSign(held, closers);
    if (close) {
      const end = close.at + close.sign.length;
      const isQuoted = (close.at > 0 ? held[close.at - 1] : lastThought) === '`';
      if (isQuoted && end === held.length && !final) {
        giveFirst(close.at);
        return false;
      }
      if (isQuoted && held[end] === '`') {
        giveFirst(end);
        return true;
      }
      giveThinking(held.slice(0, close.at).trimEnd());
      held = held.slice(end);
      state = 'between';
      unsure = null;
      return true;
    }
    const length = final ? held.length : held.length - partialSign(held, closers);
    giveFirst(held.slice(0, length).trimEnd().length);
    if (final) held = '';
    return false;
  }

  /** Gives the first `length` characters that are held as thinking. */
  function giveFirst(length: number): void {
    giveThinking(held.slice(0, length));
    if (length > 0) lastThought = held[length - 1] ?? '';
    held = held.slice(length);
  }

  function giveThinking(text: string): void {
    const shown = thinkingBegun ? text : text.trimStart();
    if (shown === '') return;
    if (!thinkingBegun && thoughtBefore) give('reasoning', '\n\n');
    thinkingBegun = true;
    thoughtBefore = true;
    give('reasoning', shown);
  }

  function takeText(final: boolean): boolean {
    const { text, closed, rest } = orphans.take(held, final);
    give('text', text);
    held = closed ? rest.trimStart() : rest;
    if (!closed) return false;
    orphanClose = true;
    state = 'between';
    return held !== '';
  }

  function takePlain(final: boolean): boolean {
    if (answerClose === null) {
      give('text', held);
      held = '';
      return false;
    }
    const signs = [answerClose];
    let from = 0;
    for (let close = findSign(held, signs); close; close = findSign(held, signs, from)) {
      from = close.at + close.sign.length;
      if (held.slice(from).trim() !== '') continue;
      give('text', held.slice(0, close.at));
      held = final ? '' : held.slice(close.at);
      return false;
    }
    const length = final ? held.length : held.length - partialSign(held, signs);
    give('text', held.slice(0, length));
    held = held.slice(length);
    return false;
  }

  function run(final: boolean): void {
    while (steps[state](final));
  }

  function drain(): ThinkPiece[] {
    const given = pieces;
    pieces = [];
    return given;
  }

  return {
    push(text) {
      held += text;
      if (held !== '') run(false);
      if (held.length > MAX_HELD_CHARS) run(true);
      return drain();
    },
    flush() {
      run(true);
      if (unsure !== null && unsure !== '') {
        wrongBegin = true;
        const answer = unsure;
        unsure = null;
        give('text', answer);
      }
      return drain();
    },
    get orphanClose() {
      return orphanClose;
    },
    get wrongBegin() {
      return wrongBegin;
    },
  };
}
