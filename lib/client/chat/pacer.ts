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
import type { ParsedLine } from '@/lib/client/chat/shown';
import { characterEnd, wordEnd } from '@/lib/client/chat/words';

export const TICK_MS = 50;
export const MAX_LAG_MS = 250;
/** All of a lump has been handed on by then, and half a word at its end as well. */
const MAX_SPREAD_MS = MAX_LAG_MS - TICK_MS;
/** More than anybody reads in that time: it is shown at once. */
const MAX_BACKLOG_CHARS = 2_000;
/** How much the newest gap between two lumps says of the next one. */
const GAP_WEIGHT = 0.4;

type Lump = { end: number; at: number };

export class Pacer {
  private readonly ready: ParsedLine[] = [];
  private open: { code: string; text: string; lumps: Lump[] } | undefined;
  private gapMs = 0;
  private lastLumpAt = Number.NEGATIVE_INFINITY;
  private begun = false;

  /** Whether anything waits. */
  get waiting(): boolean {
    return this.ready.length > 0 || this.open !== undefined;
  }

  /**
   * Takes lines that arrived together.
   * @param nowMs of any clock that only goes forward
   */
  add(lines: readonly ParsedLine[], nowMs: number): void {
    let hasText = false;
    for (const { code, value } of lines) {
      if (this.open && this.open.code !== code) this.settle();
      if (typeof value !== 'string' || (code !== '0' && code !== 'g')) {
        this.ready.push({ code, value });
        continue;
      }
      hasText = true;
      this.open ??= { code, text: '', lumps: [] };
      this.open.text += value;
      this.open.lumps.push({ end: this.open.text.length, at: nowMs });
    }
    if (hasText) this.measure(nowMs);
  }

  /** What is due now. */
  take(nowMs: number): ParsedLine[] {
    const lines = this.ready.splice(0);
    const { open } = this;
    if (!open) return lines;
    const cut = this.cut(open, nowMs);
    if (cut === 0) return lines;
    lines.push({ code: open.code, value: open.text.slice(0, cut) });
    this.begun = true;
    this.open = cut < open.text.length ? without(open, cut) : undefined;
    return lines;
  }

  /** All that is there, but for half a character that may be whole yet. */
  takeAll(): ParsedLine[] {
    const { open } = this;
    const end = open ? characterEnd(open.text) : 0;
    if (open && end > 0) {
      this.ready.push({ code: open.code, value: open.text.slice(0, end) });
      this.open = end < open.text.length ? without(open, end) : undefined;
      this.begun = true;
    }
    return this.ready.splice(0);
  }

  /** All that is there, when nothing more will come. */
  end(): ParsedLine[] {
    this.settle();
    return this.ready.splice(0);
  }

  private settle(): void {
    if (this.open) this.ready.push({ code: this.open.code, value: this.open.text });
    this.open = undefined;
  }

  /** Learns the rhythm. A silence of the model's is no part of it. */
  private measure(nowMs: number): void {
    const gap = nowMs - this.lastLumpAt;
    this.lastLumpAt = nowMs;
    if (gap <= MAX_LAG_MS) this.gapMs += (gap - this.gapMs) * GAP_WEIGHT;
  }

  private cut({ text, lumps }: { text: string; lumps: Lump[] }, nowMs: number): number {
    // The first words are what a person waits for.
    if (!this.begun || text.length > MAX_BACKLOG_CHARS) return characterEnd(text);
    const spread = Math.min(this.gapMs, MAX_SPREAD_MS);
    let due = 0;
    let overdue = 0;
    for (const { end, at } of lumps) {
      const ticksLeft = Math.max(1, Math.ceil((at + spread - nowMs) / TICK_MS));
      due = Math.max(due, Math.ceil(end / ticksLeft));
      if (nowMs - at >= MAX_SPREAD_MS) overdue = end;
    }
    const words = wordEnd(text, Math.max(due, overdue));
    return words >= overdue ? words : characterEnd(text);
  }
}

function without(open: { code: string; text: string; lumps: Lump[] }, cut: number) {
  return {
    code: open.code,
    text: open.text.slice(cut),
    lumps: open.lumps.filter(({ end }) => end > cut).map(({ end, at }) => ({ end: end - cut, at })),
  };
}
