import type { ThoughtAnnotation } from '@/lib/protocol/messages';

/** Measures how long a model thinks: each time by itself, told as soon as it is over. */
export class ThinkingTime {
  private index: number;
  private ms = 0;
  private told = false;
  private since: number | null = null;

  /**
   * @param before reasoning parts that the message has already
   * @param tell may be called again for the same part, where a model goes on thinking
   */
  constructor(
    before: number,
    private readonly tell: (thought: ThoughtAnnotation) => void,
  ) {
    this.index = before;
  }

  /** Something has come of the model. */
  heard(type: string): void {
    if (type === 'reasoning') {
      this.since ??= performance.now();
      return;
    }
    if (this.since === null) return;
    this.ms += performance.now() - this.since;
    this.since = null;
    this.told = true;
    this.tell({ type: 'thought', index: this.index, ms: Math.round(this.ms) });
  }

  /** A step has ended: what is thought in the next one is a part of its own. */
  stepEnded(): void {
    this.heard('step-end');
    if (!this.told) return;
    this.told = false;
    this.index += 1;
    this.ms = 0;
  }
}
