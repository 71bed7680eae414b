import { formatLine, parseLine } from '@/lib/protocol/lines';
import type { TimingAnnotation, Usage } from '@/lib/protocol/messages';

/** Codes of lines that contain generated tokens: text, reasoning, tool calls. */
const TOKEN_CODES = new Set(['0', 'g', 'b', '9']);

/**
 * Measures the generation of an answer. The durations are annotations in the log of the run, in the
 * same frames as the lines that they measure: they cost no frame of their own and survive a crash.
 * Most lines cost two comparisons.
 */
export class GenerationTimer {
  private readonly startedAt: number;
  private hasFirstToken = false;
  /** Time of the first token of the current step; null before it. */
  private stepStartedAt: number | null = null;

  /** @param now returns a monotonic time in milliseconds */
  constructor(private readonly now: () => number = () => performance.now()) {
    this.startedAt = now();
  }

  /**
   * Call for each line of the log. Returns it with an annotation if it is the first token or the
   * end of a step.
   */
  withTiming(line: string): string {
    const code = line[0] as string;
    if (code === 'e') return line + this.endStep(line);
    if (this.stepStartedAt !== null || !TOKEN_CODES.has(code)) return line;
    this.stepStartedAt = this.now();
    if (this.hasFirstToken) return line;
    this.hasFirstToken = true;
    // Before the token, so that no line comes between two pieces of text.
    return formatTiming({ firstTokenMs: Math.round(this.stepStartedAt - this.startedAt) }) + line;
  }

  private endStep(line: string): string {
    const startedAt = this.stepStartedAt;
    this.stepStartedAt = null;
    const { usage } = (parseLine(line)?.value ?? {}) as { usage?: Usage };
    // Without the step's tokens, its duration would make the speed of the others too low.
    if (startedAt === null || typeof usage?.completionTokens !== 'number') return '';
    return formatTiming({ generationMs: Math.round(this.now() - startedAt) });
  }
}

function formatTiming(durations: Omit<TimingAnnotation, 'type'>): string {
  return formatLine('8', [{ type: 'timing', ...durations } satisfies TimingAnnotation]);
}
