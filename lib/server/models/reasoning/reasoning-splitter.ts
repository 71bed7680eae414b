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
import { createHarmonyParser, HARMONY_STARTS } from './harmony-parser';
import { createOrphanCloseFinder } from './orphan-close';
import {
  ANSWER_MARKERS,
  findMarker,
  isMarkerPrefix,
  MAX_BUFFER_CHARS,
  ORPHAN_CLOSINGS,
  partialMarkerLength,
  REASONING_MARKERS,
} from './reasoning-markers';

export type ContentSegment = { type: 'text' | 'reasoning'; text: string };

export type ReasoningSplitter = {
  push(text: string): ContentSegment[];
  /** The text is over: gives what was held back. */
  flush(): ContentSegment[];
  /** A closing tag was met that nothing had opened. */
  readonly orphanClose: boolean;
  /** `beginInside` was wrong: there was no closing tag. Known after `flush`. */
  readonly closingMissing: boolean;
};

const REASONING_OPENINGS = REASONING_MARKERS.map(({ open }) => open);
const START_MARKERS = [...REASONING_OPENINGS, ...HARMONY_STARTS];
const AFTER_REASONING_MARKERS = [...START_MARKERS, ...ANSWER_MARKERS.map(({ open }) => open)];

type State = 'start' | 'inside' | 'between' | 'text' | 'plain' | 'harmony';

export function createReasoningSplitter(
  options: { startsInReasoning?: boolean } = {},
): ReasoningSplitter {
  let state: State = 'start';
  /** What cannot be decided yet. */
  let buffer = '';
  /** Everything given as thinking since a `beginInside`, while it may still prove wrong. */
  let unconfirmed: string | null = options.startsInReasoning ? '' : null;
  let closings = ORPHAN_CLOSINGS;
  /** Whether any thinking was given, and whether any of what the last sign opened. */
  let hasReasoning = false;
  let hasBlockStarted = false;
  let lastReasoningChar = '';
  /** What closes the answer itself. */
  let answerClose: string | null = null;
  let orphanClose = false;
  let closingMissing = false;
  let segments: ContentSegment[] = [];
  const orphans = createOrphanCloseFinder();
  const harmony = createHarmonyParser(emit);

  function emit(type: ContentSegment['type'], text: string): void {
    if (text === '') return;
    if (type === 'reasoning' && unconfirmed !== null) unconfirmed += text;
    const last = segments.at(-1);
    if (last?.type === type) last.text += text;
    else segments.push({ type, text });
  }

  /** Each step takes what it can from `held` and returns whether there may be more to do. */
  const steps: Record<State, (final: boolean) => boolean> = {
    start: (final) => matchOpening(START_MARKERS, unconfirmed === null ? 'text' : 'inside', final),
    between: (final) => matchOpening(AFTER_REASONING_MARKERS, 'plain', final),
    inside: readReasoning,
    text: readText,
    plain: readAnswer,
    harmony(final) {
      harmony.push(buffer, final);
      buffer = '';
      return false;
    },
  };

  function matchOpening(markers: readonly string[], otherwise: State, final: boolean): boolean {
    const text = buffer.trimStart();
    if (!final && isMarkerPrefix(text, markers)) return false;
    const marker = markers.find((candidate) => text.startsWith(candidate));
    const reasoningMarker = REASONING_MARKERS.find((candidate) => candidate.open === marker);
    if (marker === undefined) {
      if (text === '' && final) buffer = '';
      else if (otherwise === 'plain') buffer = text;
      state = otherwise;
    } else if (HARMONY_STARTS.includes(marker)) {
      unconfirmed = null;
      buffer = text;
      state = 'harmony';
    } else if (reasoningMarker) {
      unconfirmed = null;
      buffer = text.slice(marker.length);
      closings = reasoningMarker.closings;
      hasBlockStarted = false;
      state = 'inside';
    } else {
      buffer = text.slice(marker.length).trimStart();
      answerClose = ANSWER_MARKERS.find((candidate) => candidate.open === marker)?.close ?? null;
      state = 'plain';
    }
    return buffer !== '';
  }

  function readReasoning(final: boolean): boolean {
    const close = findMarker(buffer, closings);
    if (close) {
      const end = close.at + close.marker.length;
      const isQuoted = (close.at > 0 ? buffer[close.at - 1] : lastReasoningChar) === '`';
      if (isQuoted && end === buffer.length && !final) {
        emitFirst(close.at);
        return false;
      }
      if (isQuoted && buffer[end] === '`') {
        emitFirst(end);
        return true;
      }
      emitReasoning(buffer.slice(0, close.at).trimEnd());
      buffer = buffer.slice(end);
      state = 'between';
      unconfirmed = null;
      return true;
    }
    const length = final ? buffer.length : buffer.length - partialMarkerLength(buffer, closings);
    emitFirst(buffer.slice(0, length).trimEnd().length);
    if (final) buffer = '';
    return false;
  }

  /** Gives the first `length` characters that are held as thinking. */
  function emitFirst(length: number): void {
    emitReasoning(buffer.slice(0, length));
    if (length > 0) lastReasoningChar = buffer[length - 1] ?? '';
    buffer = buffer.slice(length);
  }

  function emitReasoning(text: string): void {
    const visible = hasBlockStarted ? text : text.trimStart();
    if (visible === '') return;
    if (!hasBlockStarted && hasReasoning) emit('reasoning', '\n\n');
    hasBlockStarted = true;
    hasReasoning = true;
    emit('reasoning', visible);
  }

  function readText(final: boolean): boolean {
    const { text, closed, rest: remaining } = orphans.scan(buffer, final);
    emit('text', text);
    buffer = closed ? remaining.trimStart() : remaining;
    if (!closed) return false;
    orphanClose = true;
    state = 'between';
    return buffer !== '';
  }

  function readAnswer(final: boolean): boolean {
    if (answerClose === null) {
      emit('text', buffer);
      buffer = '';
      return false;
    }
    const markers = [answerClose];
    let from = 0;
    for (
      let close = findMarker(buffer, markers);
      close;
      close = findMarker(buffer, markers, from)
    ) {
      from = close.at + close.marker.length;
      if (buffer.slice(from).trim() !== '') continue;
      emit('text', buffer.slice(0, close.at));
      buffer = final ? '' : buffer.slice(close.at);
      return false;
    }
    const length = final ? buffer.length : buffer.length - partialMarkerLength(buffer, markers);
    emit('text', buffer.slice(0, length));
    buffer = buffer.slice(length);
    return false;
  }

  function run(final: boolean): void {
    while (steps[state](final));
  }

  function drain(): ContentSegment[] {
    const emitted = segments;
    segments = [];
    return emitted;
  }

  return {
    push(text) {
      buffer += text;
      if (buffer !== '') run(false);
      if (buffer.length > MAX_BUFFER_CHARS) run(true);
      return drain();
    },
    flush() {
      run(true);
      if (unconfirmed !== null && unconfirmed !== '') {
        closingMissing = true;
        const answer = unconfirmed;
        unconfirmed = null;
        emit('text', answer);
      }
      return drain();
    },
    get orphanClose() {
      return orphanClose;
    },
    get closingMissing() {
      return closingMissing;
    },
  };
}
