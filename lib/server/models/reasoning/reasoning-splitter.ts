/**
 * Splits reasoning from the answer if both come as one text with markers. Pure and incremental: the
 * result does not depend on how the text is divided into chunks.
 *
 * Behavior of models, and the rules that follow from it:
 * - They open with `<think>` (or another marker of reasoning-markers.ts), close it, and answer. So
 *   a marker opens reasoning only as the first thing of a text, whitespace aside, or directly after
 *   the end of reasoning. Anywhere else it is text: answers explain tags and quote them in code.
 *   For the same reason a closing marker in backticks is ignored.
 * - Reasoning that is never closed (the token limit came first) is reasoning to its end.
 * - Some prompt templates open it: the text starts inside the reasoning, and only the closing
 *   marker is visible, see unmatched-closing.ts. The text before it has been delivered as text and
 *   stays text. The marker is dropped and `hasUnmatchedClosing` becomes true, so that the next
 *   answer of this model can be split with `startsInReasoning`.
 * - With `startsInReasoning` and no closing marker, the model did not reason this time, or never
 *   reached its answer: the text is emitted again as text at the end, so that no answer is only in
 *   the reasoning.
 * - gpt-oss marks channels, see harmony-parser.ts.
 * Whitespace next to the markers is dropped.
 */
import { createHarmonyParser, HARMONY_STARTS } from './harmony-parser';
import {
  ANSWER_MARKERS,
  findMarker,
  isMarkerPrefix,
  MAX_BUFFER_CHARS,
  partialMarkerLength,
  REASONING_MARKERS,
  UNMATCHED_CLOSINGS,
} from './reasoning-markers';
import { createUnmatchedClosingFinder } from './unmatched-closing';

export type ContentSegment = { type: 'text' | 'reasoning'; text: string };

export type ReasoningSplitter = {
  push(text: string): ContentSegment[];
  /** Ends the text and returns the buffered rest. */
  flush(): ContentSegment[];
  /** A closing marker appeared that nothing had opened. */
  readonly hasUnmatchedClosing: boolean;
  /** `startsInReasoning` was wrong: there was no closing marker. Known after `flush`. */
  readonly isClosingMissing: boolean;
};

const REASONING_OPENINGS = REASONING_MARKERS.map(({ open }) => open);
const START_MARKERS = [...REASONING_OPENINGS, ...HARMONY_STARTS];
const AFTER_REASONING_MARKERS = [...START_MARKERS, ...ANSWER_MARKERS.map(({ open }) => open)];

type State = 'start' | 'inside' | 'between' | 'text' | 'plain' | 'harmony';

export function createReasoningSplitter(
  options: { startsInReasoning?: boolean } = {},
): ReasoningSplitter {
  let state: State = 'start';
  /** Text that may still become a marker. */
  let buffer = '';
  /** Everything emitted as reasoning since `startsInReasoning`, until a marker confirms it. */
  let unconfirmed: string | null = options.startsInReasoning ? '' : null;
  let closings = UNMATCHED_CLOSINGS;
  /** Whether any reasoning was emitted at all, and since the last opening marker. */
  let hasReasoning = false;
  let hasBlockStarted = false;
  let lastReasoningChar = '';
  /** Closing marker of the answer itself. */
  let answerClose: string | null = null;
  let hasUnmatchedClosing = false;
  let isClosingMissing = false;
  let segments: ContentSegment[] = [];
  const unmatchedClosings = createUnmatchedClosingFinder();
  const harmony = createHarmonyParser(emit);

  function emit(type: ContentSegment['type'], text: string): void {
    if (text === '') return;
    if (type === 'reasoning' && unconfirmed !== null) unconfirmed += text;
    const last = segments.at(-1);
    if (last?.type === type) last.text += text;
    else segments.push({ type, text });
  }

  /** Each step consumes what it can of `buffer` and returns whether there may be more to do. */
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

  /** Emits the first `length` buffered characters as reasoning. */
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
    const { text, closed, remaining } = unmatchedClosings.scan(buffer, final);
    emit('text', text);
    buffer = closed ? remaining.trimStart() : remaining;
    if (!closed) return false;
    hasUnmatchedClosing = true;
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
    const visibleEnd = buffer.trimEnd().length;
    let from = 0;
    for (
      let close = findMarker(buffer, markers);
      close;
      close = findMarker(buffer, markers, from)
    ) {
      from = close.at + close.marker.length;
      if (from < visibleEnd) continue;
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
        isClosingMissing = true;
        const answer = unconfirmed;
        unconfirmed = null;
        emit('text', answer);
      }
      return drain();
    },
    get hasUnmatchedClosing() {
      return hasUnmatchedClosing;
    },
    get isClosingMissing() {
      return isClosingMissing;
    },
  };
}
