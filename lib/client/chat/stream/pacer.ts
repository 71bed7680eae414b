/**
 * An even flow from lines that arrive in lumps: pure, asked every TICK_MS for what is due.
 *
 * Text that comes in lumps is handed on over the time until the next lump is expected, in whole
 * words. Invariants (tests hold them):
 * - what is handed on, joined, is what arrived, in its order;
 * - asked every TICK_MS, nothing waits longer than MAX_LAG_MS; only what can be no more than half a
 *   character waits for its other half;
 * - where text comes often, it does not wait at all: the flow never slows a model down.
 */
import type { ParsedLine } from '@/lib/client/chat/stream/delivered-state';
import { completeGraphemesLength, wordBoundary } from '@/lib/client/chat/stream/text-boundaries';

export const TICK_MS = 50;
export const MAX_LAG_MS = 250;
/** All of a lump has been handed on by then, and half a word at its end as well. */
const MAX_SPREAD_MS = MAX_LAG_MS - TICK_MS;
/** More than anybody reads in that time: it is shown at once. */
const MAX_BACKLOG_CHARS = 2_000;
/** How much the newest gap between two lumps says of the next one. */
const GAP_SMOOTHING = 0.4;

type TextChunk = { end: number; arrivedAtMs: number };

export class Pacer {
  private readonly readyLines: ParsedLine[] = [];
  private pendingText: { code: string; text: string; chunks: TextChunk[] } | undefined;
  private averageGapMs = 0;
  private lastChunkAt = Number.NEGATIVE_INFINITY;
  private hasEmitted = false;

  /** Whether anything waits. */
  get hasPending(): boolean {
    return this.readyLines.length > 0 || this.pendingText !== undefined;
  }

  /**
   * Takes lines that arrived together.
   * @param nowMs of any clock that only goes forward
   */
  add(lines: readonly ParsedLine[], nowMs: number): void {
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

  /** What is due now. */
  takeDue(nowMs: number): ParsedLine[] {
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

  /** All that is there, but for half a character that may be whole yet. */
  takeAll(): ParsedLine[] {
    const { pendingText: pending } = this;
    const end = pending ? completeGraphemesLength(pending.text) : 0;
    if (pending && end > 0) {
      this.readyLines.push({ code: pending.code, value: pending.text.slice(0, end) });
      this.pendingText = end < pending.text.length ? withoutPrefix(pending, end) : undefined;
      this.hasEmitted = true;
    }
    return this.readyLines.splice(0);
  }

  /** All that is there, when nothing more will come. */
  drain(): ParsedLine[] {
    this.finishPendingText();
    return this.readyLines.splice(0);
  }

  private finishPendingText(): void {
    if (this.pendingText)
      this.readyLines.push({ code: this.pendingText.code, value: this.pendingText.text });
    this.pendingText = undefined;
  }

  /** Learns the rhythm. A silence of the model's is no part of it. */
  private updateAverageGap(nowMs: number): void {
    const gapMs = nowMs - this.lastChunkAt;
    this.lastChunkAt = nowMs;
    if (gapMs <= MAX_LAG_MS) this.averageGapMs += (gapMs - this.averageGapMs) * GAP_SMOOTHING;
  }

  private dueLength(
    { text, chunks }: { text: string; chunks: TextChunk[] },
    nowMs: number,
  ): number {
    // The first words are what a person waits for.
    if (!this.hasEmitted || text.length > MAX_BACKLOG_CHARS) return completeGraphemesLength(text);
    const spreadMs = Math.min(this.averageGapMs, MAX_SPREAD_MS);
    let dueLength = 0;
    let overdueLength = 0;
    for (const { end, arrivedAtMs } of chunks) {
      const ticksLeft = Math.max(1, Math.ceil((arrivedAtMs + spreadMs - nowMs) / TICK_MS));
      dueLength = Math.max(dueLength, Math.ceil(end / ticksLeft));
      if (nowMs - arrivedAtMs >= MAX_SPREAD_MS) overdueLength = end;
    }
    const wordBoundary = wordBoundary(text, Math.max(dueLength, overdueLength));
    return wordBoundary >= overdueLength ? wordBoundary : completeGraphemesLength(text);
  }
}

function withoutPrefix(
  pending: { code: string; text: string; chunks: TextChunk[] },
  length: number,
) {
  return {
    code: pending.code,
    text: pending.text.slice(length),
    lumps: pending.chunks
      .filter(({ end }) => end > length)
      .map(({ end, arrivedAtMs }) => ({ end: end - length, at: arrivedAtMs })),
  };
}
