/**
 * Tells a model's thinking from its answer where both come as one text with tags. Pure and
 * incremental: however the text is cut into pieces, the result is the same.
 *
 * What models do, and the rule that follows from it:
 * - They open with `<think>` (or `<thinking>`), close it, and answer. So a tag opens thinking only
 *   as the first thing of a text, white space aside, or right behind the end of thinking. Anywhere
 *   else `<think>` is text: answers explain tags and quote them in code.
 * - Thinking that is never closed (the length limit came first) is thinking to its end.
 * - Some prompt templates open the tag themselves: the text begins inside the thinking, and only
 *   `</think>` is seen. It counts as such where it is alone on its line, outside of a code fence,
 *   and no thinking came before. What came before it has been shown as text and stays text; the
 *   tag itself is dropped and `orphanClose` becomes true, so that the next answer of this model can
 *   be split with `beginInside`.
 * - With `beginInside` and no closing tag at all, the model did not think this time, or thinks and
 *   forgot to answer: the text is given again as text at the end, so that no answer is only hidden.
 * White space next to the tags is dropped.
 */

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

const OPEN_TAGS = ['<think>', '<thinking>'];
const CLOSE_TAGS = ['</think>', '</thinking>'];
const CLOSE = /<\/think(?:ing)?>/;
/** A line that is a closing tag, or may become one. */
const CLOSE_LINE = /^[ \t]*<\/think(?:ing)?>[ \t]*\r?$/;
const FENCE = /^ {0,3}(```|~~~)/;

type State = 'start' | 'inside' | 'between' | 'text' | 'plain';

export function createThinkSplitter(options: { beginInside?: boolean } = {}): ThinkSplitter {
  let state: State = options.beginInside ? 'inside' : 'start';
  /** What cannot be decided yet. */
  let held = '';
  /** Everything given as thinking since a `beginInside`, while it may still prove wrong. */
  let unsure: string | null = options.beginInside ? '' : null;
  /** Whether any thinking was given, and whether any of what the last tag opened. */
  let thoughtBefore = false;
  let thinkingBegun = false;
  let inFence = false;
  /** State 'text': the line so far is known not to be a closing tag. */
  let lineDecided = false;
  let lineHead = '';
  let orphanClose = false;
  let wrongBegin = false;
  let pieces: ThinkPiece[] = [];

  function give(type: ThinkPiece['type'], text: string): void {
    if (text === '') return;
    if (type === 'reasoning' && unsure !== null) unsure += text;
    const last = pieces.at(-1);
    if (last?.type === type) last.text += text;
    else pieces.push({ type, text });
  }

  /** Each step takes what it can from `held` and returns whether there may be more to do. */
  const steps: Record<State, () => boolean> = {
    start: () => openOr(() => held, 'text'),
    between: () => openOr(() => held.trimStart(), 'plain'),
    inside: takeThinking,
    text: takeLines,
    plain() {
      give('text', held);
      held = '';
      return false;
    },
  };

  function openOr(asText: () => string, next: State): boolean {
    const text = held.trimStart();
    if (OPEN_TAGS.some((tag) => tag.startsWith(text) && tag !== text)) return false;
    const tag = OPEN_TAGS.find((open) => text.startsWith(open));
    if (tag) {
      held = text.slice(tag.length);
      thinkingBegun = false;
      state = 'inside';
      return true;
    }
    held = asText();
    state = next;
    return true;
  }

  function takeThinking(): boolean {
    const close = CLOSE.exec(held);
    if (close) {
      giveThinking(held.slice(0, close.index).trimEnd());
      held = held.slice(close.index + close[0].length);
      state = 'between';
      unsure = null;
      return true;
    }
    const sure = held.slice(0, held.length - partialClose(held)).trimEnd();
    giveThinking(sure);
    held = held.slice(sure.length);
    return false;
  }

  function giveThinking(text: string): void {
    const shown = thinkingBegun ? text : text.trimStart();
    if (shown === '') return;
    if (!thinkingBegun && thoughtBefore) give('reasoning', '\n\n');
    thinkingBegun = true;
    thoughtBefore = true;
    give('reasoning', shown);
  }

  function takeLines(): boolean {
    while (held !== '') {
      const end = held.indexOf('\n');
      const line = end === -1 ? held : held.slice(0, end);
      if (!lineDecided && !inFence) {
        if (end === -1 && mayBecomeCloseLine(line)) return false;
        if (CLOSE_LINE.test(line)) {
          orphanClose = true;
          held = held.slice(line.length).trimStart();
          state = 'between';
          return true;
        }
      }
      lineDecided = true;
      lineHead = (lineHead + line).slice(0, 8);
      const taken = end === -1 ? line : held.slice(0, end + 1);
      give('text', taken);
      held = held.slice(taken.length);
      if (end === -1) continue;
      if (FENCE.test(lineHead)) inFence = !inFence;
      lineHead = '';
      lineDecided = false;
    }
    return false;
  }

  function run(): void {
    while (steps[state]());
  }

  function drain(): ThinkPiece[] {
    const given = pieces;
    pieces = [];
    return given;
  }

  return {
    push(text) {
      held += text;
      if (held !== '') run();
      return drain();
    },
    flush() {
      if (state === 'text' && !lineDecided && !inFence && CLOSE_LINE.test(held)) orphanClose = true;
      else if (state === 'inside') giveThinking(held.trimEnd());
      else if (state === 'between') give('text', held.trimStart());
      else if (state === 'text' || state === 'plain' || held.trim() !== '') give('text', held);
      held = '';
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

/** Length of the end of `text` that may be the start of a closing tag. */
function partialClose(text: string): number {
  const start = text.lastIndexOf('<');
  if (start === -1) return 0;
  const end = text.slice(start);
  return CLOSE_TAGS.some((tag) => tag.startsWith(end)) ? end.length : 0;
}

function mayBecomeCloseLine(line: string): boolean {
  const text = line.trimStart();
  if (text.includes('\n')) return false;
  const word = text.trimEnd();
  if (CLOSE_TAGS.includes(word)) return true;
  return word === text && CLOSE_TAGS.some((tag) => tag.startsWith(text));
}
