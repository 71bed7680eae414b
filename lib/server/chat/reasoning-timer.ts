import type { ReasoningDurationAnnotation } from '@/lib/protocol/messages';

/** Measures the duration of each reasoning part and reports it as soon as the part ends. */
export class ReasoningTimer {
  private index: number;
  private ms = 0;
  private hasReported = false;
  private startedAt: number | null = null;

  /**
   * @param partsBefore number of reasoning parts that the message already has
   * @param report receives milliseconds; called again with the sum if the same part's reasoning
   *   resumes
   */
  constructor(
    partsBefore: number,
    private readonly report: (duration: ReasoningDurationAnnotation) => void,
  ) {
    this.index = partsBefore;
  }

  /** Call for every chunk of the model's response. */
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

  /** Call at the end of a step: reasoning of the next step is another part. */
  onStepFinish(): void {
    this.onChunk('step-end');
    if (!this.hasReported) return;
    this.hasReported = false;
    this.index += 1;
    this.ms = 0;
  }
}
