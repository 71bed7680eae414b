/**
 * Smooths text that arrives in chunks: pure, polled every PACER_INTERVAL_MS for the lines that are due.
 *
 * Emits each chunk's text in whole words, over the time until the next chunk is expected.
 * Invariants (tested):
 * - the emitted lines, joined, are the received ones, in order;
 * - when polled every PACER_INTERVAL_MS, nothing waits longer than MAX_PACER_LAG_MS, except an
 *   incomplete character, which waits for its remaining code units;
 * - frequent chunks do not wait at all: the pacer never slows down a fast model.
 */
import { completeGraphemesLength, wordBoundary } from '@/lib/client/chat/stream/text-boundaries';
import {
  MAX_PACER_BACKLOG_CHARS,
  MAX_PACER_LAG_MS,
  PACER_INTERVAL_MS,
} from '@/lib/protocol/latency';
import type { Line, LineCode } from '@/lib/protocol/lines';

/** By this age all of a chunk has been emitted, including an incomplete word at its end. */
const MAX_SPREAD_MS = MAX_PACER_LAG_MS - PACER_INTERVAL_MS;
/** Weight of the newest gap between two chunks in the moving average. */
const GAP_SMOOTHING = 0.4;

type TextChunk = { end: number; arrivedAtMs: number };

export class Pacer {
  private readonly readyLines: Line[] = [];
  private pendingText: { code: LineCode; text: string; chunks: TextChunk[] } | undefined;
  private averageGapMs = 0;
  private lastChunkAt = Number.NEGATIVE_INFINITY;
  private hasEmitted = false;

  /** Whether any line or text is still to be emitted. */
  get hasPending(): boolean {
    return this.readyLines.length > 0 || this.pendingText !== undefined;
  }

  /**
   * Adds lines that arrived together.
   * @param nowMs the time of a monotonic clock
   */
  add(lines: readonly Line[], nowMs: number): void {
    let hasText = false;
    for (const { code, value } of lines) {
      if (this.pendingText && this.pendingText.code !== code) this.finishPendingText();
      if (typeof value !== 'string' || (code !== '0' && code !== 'g')) {
        this.readyLines.push({ code, value });
        continue;
      }
      hasText = true;
      this.pendingText ??= { code, text: '', chunks: [] };
      this.pendingText.text += value;
      this.pendingText.chunks.push({ end: this.pendingText.text.length, arrivedAtMs: nowMs });
    }
    if (hasText) this.updateAverageGap(nowMs);
  }

  /** Removes and returns the lines that are due now. */
  takeDue(nowMs: number): Line[] {
    const lines = this.readyLines.splice(0);
    const { pendingText: pending } = this;
    if (!pending) return lines;
    const end = this.dueLength(pending, nowMs);
    if (end === 0) return lines;
    lines.push({ code: pending.code, value: pending.text.slice(0, end) });
    this.hasEmitted = true;
    this.pendingText = end < pending.text.length ? withoutPrefix(pending, end) : undefined;
    return lines;
  }

  /** Removes and returns all lines, except an incomplete character at the end. */
  takeAll(): Line[] {
    const { pendingText: pending } = this;
    const end = pending ? completeGraphemesLength(pending.text) : 0;
    if (pending && end > 0) {
      this.readyLines.push({ code: pending.code, value: pending.text.slice(0, end) });
      this.pendingText = end < pending.text.length ? withoutPrefix(pending, end) : undefined;
      this.hasEmitted = true;
    }
    return this.readyLines.splice(0);
  }

  /** Removes and returns everything, at the end of the stream. */
  drain(): Line[] {
    this.finishPendingText();
    return this.readyLines.splice(0);
  }

  private finishPendingText(): void {
    if (this.pendingText)
      this.readyLines.push({ code: this.pendingText.code, value: this.pendingText.text });
    this.pendingText = undefined;
  }

  /** Updates the average gap between chunks. Longer pauses of the model do not count. */
  private updateAverageGap(nowMs: number): void {
    const gapMs = nowMs - this.lastChunkAt;
    this.lastChunkAt = nowMs;
    if (gapMs <= MAX_PACER_LAG_MS) this.averageGapMs += (gapMs - this.averageGapMs) * GAP_SMOOTHING;
  }

  private dueLength(
    { text, chunks }: { text: string; chunks: TextChunk[] },
    nowMs: number,
  ): number {
    // The first text is emitted without delay.
    if (!this.hasEmitted || text.length > MAX_PACER_BACKLOG_CHARS)
      return completeGraphemesLength(text);
    const spreadMs = Math.min(this.averageGapMs, MAX_SPREAD_MS);
    let dueLength = 0;
    let overdueLength = 0;
    for (const { end, arrivedAtMs } of chunks) {
      const ticksLeft = Math.max(
        1,
        Math.ceil((arrivedAtMs + spreadMs - nowMs) / PACER_INTERVAL_MS),
      );
      dueLength = Math.max(dueLength, Math.ceil(end / ticksLeft));
      if (nowMs - arrivedAtMs >= MAX_SPREAD_MS) overdueLength = end;
    }
    const length = wordBoundary(text, Math.max(dueLength, overdueLength));
    return length >= overdueLength ? length : completeGraphemesLength(text);
  }
}

function withoutPrefix(
  pending: { code: LineCode; text: string; chunks: TextChunk[] },
  length: number,
) {
  return {
    code: pending.code,
    text: pending.text.slice(length),
    chunks: pending.chunks
      .filter(({ end }) => end > length)
      .map(({ end, arrivedAtMs }) => ({ end: end - length, arrivedAtMs })),
  };
}
