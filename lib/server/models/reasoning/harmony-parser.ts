/**
 * Parses the harmony format of gpt-oss if a server passes it through as text:
 * `<|channel|>analysis<|message|>…<|end|><|start|>assistant<|channel|>final<|message|>…<|return|>`.
 * Incremental, without I/O.
 *
 * The final channel, and commentary for the user, are the answer. Analysis, and messages addressed
 * to a tool, are reasoning. Within the answer, a token ends a message only if another token or the
 * end of the text follows: an answer may quote the tokens.
 */
import {
  findMarker,
  isMarkerPrefix,
  MAX_BUFFER_CHARS,
  partialMarkerLength,
} from './reasoning-markers';

export const HARMONY_STARTS: readonly string[] = ['<|channel|>', '<|start|>'];

const MESSAGE = '<|message|>';
const ENDS = ['<|end|>', '<|return|>', '<|call|>'];
const NEXT_MESSAGE = ['<|channel|>', '<|start|>assistant'];
const ANY_END = [...ENDS, ...HARMONY_STARTS];
const TEXT_ENDS = [...ENDS, '<|start|>assistant'];
const ANY_MARKER = [...ANY_END, '<|start|>assistant'];
/** Longer text before `<|message|>` is not a harmony header. */
const MAX_HEADER_CHARS = 300;

type SegmentType = 'text' | 'reasoning';

export function createHarmonyParser(emit: (type: SegmentType, text: string) => void) {
  let buffer = '';
  let state: 'header' | 'message' | 'gap' = 'header';
  let segmentType: SegmentType = 'text';
  let hasStarted = false;
  const hasEmitted = { text: false, reasoning: false };

  function emitText(text: string): void {
    const visible = hasStarted ? text : text.trimStart();
    if (visible === '') return;
    if (!hasStarted && hasEmitted[segmentType]) emit(segmentType, '\n\n');
    hasStarted = true;
    hasEmitted[segmentType] = true;
    emit(segmentType, visible);
  }

  function startMessage(next: SegmentType): void {
    state = 'message';
    segmentType = next;
    hasStarted = false;
  }

  /** Each step returns whether the buffer may hold more to parse. */
  function readHeader(final: boolean): boolean {
    const at = buffer.slice(0, MAX_HEADER_CHARS + MESSAGE.length).indexOf(MESSAGE);
    if (at === -1) {
      if (buffer.length > MAX_HEADER_CHARS) {
        startMessage('text');
        hasStarted = hasEmitted.text;
        // The marker is text as well. Left in the buffer, it would start the same header again.
        const marker = HARMONY_STARTS.find((start) => buffer.startsWith(start)) ?? '';
        emitText(marker);
        buffer = buffer.slice(marker.length);
        return true;
      }
      if (final) buffer = '';
      return false;
    }
    const header = buffer.slice(0, at);
    const channel = /<\|channel\|>\s*(\w+)/.exec(header)?.[1];
    const isAnswer = channel === undefined || channel === 'final' || channel === 'commentary';
    startMessage(isAnswer && !/\bto=/.test(header) ? 'text' : 'reasoning');
    buffer = buffer.slice(at + MESSAGE.length);
    return true;
  }

  function readGap(final: boolean): boolean {
    const text = buffer.trimStart();
    if (HARMONY_STARTS.some((start) => text.startsWith(start))) {
      buffer = text;
      state = 'header';
      return true;
    }
    if (text === '' && final) buffer = '';
    if (text === '' || (!final && isMarkerPrefix(text, HARMONY_STARTS))) return false;
    buffer = text;
    startMessage('text');
    return true;
  }

  function readMessage(final: boolean): boolean {
    let from = 0;
    for (;;) {
      const found = findMarker(buffer, segmentType === 'text' ? TEXT_ENDS : ANY_END, from);
      if (!found) break;
      const end = found.at + found.marker.length;
      const isStart = found.marker.startsWith('<|start|>') || found.marker === '<|channel|>';
      const isEnd =
        isStart || segmentType === 'reasoning' ? true : endsMessage(buffer.slice(end), final);
      if (isEnd === null) {
        emitText(buffer.slice(0, found.at));
        buffer = buffer.slice(found.at);
        return false;
      }
      if (isEnd) {
        emitText(buffer.slice(0, found.at));
        buffer = buffer.slice(isStart ? found.at : end);
        state = isStart ? 'header' : 'gap';
        return true;
      }
      from = end;
    }
    const partial = final ? 0 : partialMarkerLength(buffer.slice(from), ANY_MARKER);
    emitText(buffer.slice(0, buffer.length - partial));
    buffer = partial > 0 ? buffer.slice(-partial) : '';
    return false;
  }

  const steps = { header: readHeader, message: readMessage, gap: readGap };

  return {
    push(text: string, final = false): void {
      buffer += text;
      while (buffer !== '' && steps[state](final));
      if (buffer.length <= MAX_BUFFER_CHARS) return;
      while (buffer !== '' && steps[state](true));
    },
  };
}

/** @returns null if more input is needed to decide. */
function endsMessage(following: string, final: boolean): boolean | null {
  const text = following.trimStart();
  if (NEXT_MESSAGE.some((next) => text.startsWith(next))) return true;
  if (final) return text === '';
  return text === '' || isMarkerPrefix(text, NEXT_MESSAGE) ? null : false;
}
