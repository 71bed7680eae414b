import type { ReasoningDurationAnnotation } from '@/lib/protocol/messages';

/** Measures how long a model thinks: each time by itself, told as soon as it is over. */
export class ReasoningTimer {
  private index: number;
  private ms = 0;
  private hasReported = false;
  private startedAt: number | null = null;

  /**
   * @param partsBefore reasoning parts that the message has already
   * @param report may be called again for the same part, where a model goes on thinking
   */
  constructor(
    partsBefore: number,
    private readonly report: (duration: ReasoningDurationAnnotation) => void,
  ) {
    this.index = partsBefore;
  }

  /** Something has come of the model. */
  onChunk(type: string): void {
    if (type === 'reasoning') {
      this.startedAt ??= performance.now();
      return;
    }
    if (this.startedAt === null) return;
    this.ms += performance.now() - this.startedAt;
    this.startedAt = null;
    this.hasReported = true;
    this.report({ type: 'thought', index: this.index, ms: Math.round(this.ms) });
  }

  /** A step has ended: what is thought in the next one is a part of its own. */
  onStepFinish(): void {
    this.onChunk('step-end');
    if (!this.hasReported) return;
    this.hasReported = false;
    this.index += 1;
    this.ms = 0;
  }
}
