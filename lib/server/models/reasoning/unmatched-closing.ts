/**
 * Finds a marker that closes reasoning which no marker in the text opened, because the prompt did.
 * Incremental, without I/O. In code, in quotation marks and in prose about such tags, a marker is
 * text.
 */
import { isMarkerPrefix, UNMATCHED_CLOSINGS } from './reasoning-markers';

export type UnmatchedClosingFinder = {
  /**
   * @param final no more text follows
   * @returns the text before the closing marker, whether there is one, and what follows it; without
   *   one, `remaining` is the text that cannot be decided yet.
   */
  scan(text: string, final: boolean): { text: string; closed: boolean; remaining: string };
};

const OPENERS = ['<think>', '<thinking>'];
const MARKERS = [...OPENERS, ...UNMATCHED_CLOSINGS];
const STOP_CHARS = /`+|\n|[<◁[]/g;
const FENCE = /^ {0,3}(?:```|~~~)/;
const SENTENCE_END = /[.!?。！？…]/;
const PUNCTUATION = /[.,;:!?)\]}"'`”’»]/;
const QUOTE = /["'`“”‘’«»„]/;
const SENTENCE_START = /[\p{Lu}\p{Lo}\d*#>|\-$\\]/u;

export function createUnmatchedClosingFinder(): UnmatchedClosingFinder {
  let inFence = false;
  /** Number of backticks that opened inline code; 0 outside of it. */
  let openBackticks = 0;
  let line = '';
  let lastChar = '';
  let lastVisibleChar = '';
  let mentionsMarkers = false;

  function consume(text: string): void {
    if (text === '') return;
    if (line.length < 8) line = (line + text).slice(0, 8);
    lastChar = text[text.length - 1] ?? '';
    const visible = text.trimEnd();
    if (visible !== '') lastVisibleChar = visible[visible.length - 1] ?? '';
  }

  function endLine(): void {
    if (FENCE.test(line)) inFence = !inFence;
    if (FENCE.test(line) || line.trim() === '') openBackticks = 0;
    line = '';
    lastChar = '\n';
  }

  function consumeBackticks(run: string): void {
    const isFence = run.length >= 3 && line.trim() === '';
    consume(run);
    if (inFence || isFence) return;
    if (openBackticks === 0) openBackticks = run.length;
    else if (openBackticks === run.length) openBackticks = 0;
  }

  function isClose(space: string, next: string): boolean {
    if (inFence) return false;
    const atLineStart = line.trim() === '';
    const endsLine = next === '' || space.includes('\n');
    if (atLineStart && endsLine) return true;
    if (
      openBackticks > 0 ||
      mentionsMarkers ||
      (QUOTE.test(lastChar) && QUOTE.test(next) && !space)
    )
      return false;
    const isTight = atLineStart || /\S/.test(lastChar);
    if (isTight && (endsLine || space === '')) return endsLine || !PUNCTUATION.test(next);
    return SENTENCE_END.test(lastVisibleChar) && (endsLine || SENTENCE_START.test(next));
  }

  return {
    scan(text, final) {
      let at = 0;
      STOP_CHARS.lastIndex = 0;
      for (let stop = STOP_CHARS.exec(text); stop; stop = STOP_CHARS.exec(text)) {
        consume(text.slice(at, stop.index));
        at = stop.index;
        const [found] = stop;
        let end = at + found.length;
        if (found === '\n') {
          endLine();
          at = end;
          continue;
        }
        if (found[0] === '`') {
          if (end === text.length && !final) break;
          consumeBackticks(found);
          at = end;
          continue;
        }
        const ahead = text.slice(at, at + MAX_MARKER_CHARS);
        if (!final && isMarkerPrefix(ahead, MARKERS)) break;
        const marker = MARKERS.find((candidate) => ahead.startsWith(candidate));
        if (marker && OPENERS.includes(marker)) mentionsMarkers ||= !inFence;
        else if (marker) {
          end = at + marker.length;
          const following = text.slice(end);
          const next = following.trimStart();
          if (next === '' && !final) break;
          const space = following.slice(0, following.length - next.length);
          if (isClose(space, next.slice(0, 1))) {
            return { text: text.slice(0, at), closed: true, remaining: following };
          }
        }
        consume(text.slice(at, end));
        at = end;
        STOP_CHARS.lastIndex = end;
      }
      if (STOP_CHARS.lastIndex === 0) {
        consume(text.slice(at));
        at = text.length;
      }
      return { text: text.slice(0, at), closed: false, remaining: text.slice(at) };
    },
  };
}

const MAX_MARKER_CHARS = Math.max(...MARKERS.map((marker) => marker.length));
