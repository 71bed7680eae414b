/**
 * Folds lines into a message as useChat does in the browser, so that the stored message equals the
 * displayed one. The stored message of every run, finished, stopped or interrupted, is the fold of
 * its log; no other code builds one.
 */
import { annotationsOfType } from '@/lib/protocol/annotations';
import { parseLine } from '@/lib/protocol/lines';
import type {
  Continuation,
  MessagePart,
  ReasoningPart,
  TextPart,
  Timing,
  TimingAnnotation,
  ToolInvocation,
  Usage,
} from '@/lib/protocol/messages';

type ToolPart = Extract<MessagePart, { type: 'tool-invocation' }>;

export type FoldedMessage = {
  parts: MessagePart[];
  /** Total of all finished steps and tools, including those of earlier runs of the message. */
  usage: Usage | null;
  timing: Timing | null;
  /** The model's finish reason, from the last finished step or message. */
  finishReason: string | null;
};

/** Consumes lines one by one; `result()` may be called at any time. */
class MessageFold {
  private readonly parts: MessagePart[] = [];
  private readonly tools = new Map<string, ToolPart>();
  private text: TextPart | undefined;
  private reasoning: ReasoningPart | undefined;
  private readonly reasoningMs = new Map<number, number>();
  private step = 0;
  private usage: Usage | null = null;
  private timing: Omit<TimingAnnotation, 'type'> = {};
  private readonly continuations: Continuation[] = [];
  private finishReason: string | null = null;

  /** Adds a line, with or without its newline. Ignores lines that do not affect the message. */
  add(line: string): void {
    const parsed = parseLine(line);
    if (!parsed) return;
    const { code, value } = parsed;
    switch (code) {
      case '0':
        this.addText(value as string);
        break;
      case 'g':
        this.addReasoning(value as string);
        break;
      case 'b': {
        const call = value as { toolCallId: string; toolName: string };
        this.setTool({ state: 'partial-call', step: this.step, ...call, args: undefined });
        break;
      }
      case '9': {
        const call = value as { toolCallId: string; toolName: string; args: unknown };
        this.setTool({ state: 'call', step: this.step, ...call });
        break;
      }
      case 'a':
        this.addResult(value as { toolCallId: string; result: unknown });
        break;
      case 'h':
        this.parts.push({ type: 'source', source: value as never });
        break;
      case 'k':
        this.parts.push({ type: 'file', ...(value as { mimeType: string; data: string }) });
        break;
      case '8':
        for (const { index, ms } of annotationsOfType(value, 'thought'))
          this.reasoningMs.set(index, ms);
        // Requests that tools sent to the model.
        for (const usage of annotationsOfType(value, 'usage'))
          this.usage = addUsage(this.usage, usage);
        for (const timing of annotationsOfType(value, 'timing')) this.addTiming(timing);
        for (const { type, ...continuation } of annotationsOfType(value, 'continued'))
          this.continuations.push(continuation);
        break;
      case 'f':
        this.parts.push({ type: 'step-start' });
        break;
      case 'e':
        this.endStep(value as { finishReason?: string; isContinued?: boolean; usage?: Usage });
        break;
      case 'd':
        this.end(value as { finishReason?: string; usage?: Usage });
        break;
      default:
        break;
    }
  }

  result(): FoldedMessage {
    // A call with incomplete arguments can neither be displayed nor sent to a model again.
    const parts = this.parts.filter(
      (part) => part.type !== 'tool-invocation' || part.toolInvocation.state !== 'partial-call',
    );
    const reasoning = parts.filter((part) => part.type === 'reasoning');
    for (const [index, ms] of this.reasoningMs) {
      const part = reasoning[index];
      if (part) part.ms = ms;
    }
    const { usage, finishReason } = this;
    return { parts, usage, timing: knownTiming(this.timing, this.continuations), finishReason };
  }

  private addText(text: string): void {
    if (this.text) {
      this.text.text += text;
      return;
    }
    this.text = { type: 'text', text };
    this.parts.push(this.text);
  }

  private addReasoning(text: string): void {
    const detail = this.reasoning?.details.at(-1);
    if (this.reasoning && detail?.type === 'text') {
      detail.text += text;
      this.reasoning.reasoning += text;
      return;
    }
    this.reasoning = { type: 'reasoning', reasoning: text, details: [{ type: 'text', text }] };
    this.parts.push(this.reasoning);
  }

  private setTool(toolInvocation: ToolInvocation): void {
    const existing = this.tools.get(toolInvocation.toolCallId);
    if (existing) {
      existing.toolInvocation = toolInvocation;
      return;
    }
    const part: ToolPart = { type: 'tool-invocation', toolInvocation };
    this.tools.set(toolInvocation.toolCallId, part);
    this.parts.push(part);
  }

  private addResult({ toolCallId, result }: { toolCallId: string; result: unknown }): void {
    const part = this.tools.get(toolCallId);
    if (!part) return;
    const { step, toolName, args } = part.toolInvocation;
    part.toolInvocation = { toolCallId, toolName, step, args, state: 'result', result };
  }

  private addTiming({ firstTokenMs, generationMs }: TimingAnnotation): void {
    if (firstTokenMs !== undefined && this.timing.firstTokenMs === undefined)
      this.timing.firstTokenMs = firstTokenMs;
    if (generationMs === undefined || this.timing.generationMs === null) return;
    this.timing.generationMs =
      generationMs === null ? null : (this.timing.generationMs ?? 0) + generationMs;
  }

  private endStep({
    finishReason,
    isContinued,
    usage,
  }: {
    finishReason?: string;
    isContinued?: boolean;
    usage?: Usage;
  }): void {
    this.usage = addUsage(this.usage, usage);
    this.step += 1;
    if (!isContinued) this.text = undefined;
    this.reasoning = undefined;
    this.finishReason = finishReason ?? this.finishReason;
  }

  private end({ finishReason, usage }: { finishReason?: string; usage?: Usage }): void {
    this.finishReason = finishReason ?? this.finishReason;
    // The usage of a `d:` line is the total of the message.
    this.usage = addUsage(null, usage) ?? this.usage;
  }
}

/** The sum; null if both are unknown. */
function addUsage(total: Usage | null, added: Usage | undefined): Usage | null {
  if (typeof added?.promptTokens !== 'number' && typeof added?.completionTokens !== 'number') {
    return total;
  }
  const add = (a: number | null | undefined, b: number | null) =>
    typeof a === 'number' ? a + (b ?? 0) : b;
  return {
    promptTokens: add(total?.promptTokens, added.promptTokens),
    completionTokens: add(total?.completionTokens, added.completionTokens),
  };
}

/** What is known about the timing; null if nothing is. */
function knownTiming(
  { firstTokenMs, generationMs }: Omit<TimingAnnotation, 'type'>,
  continuations: Continuation[],
): Timing | null {
  const timing = {
    ...(typeof firstTokenMs === 'number' && { firstTokenMs }),
    // Zero: no step has ended.
    ...(generationMs && { generationMs }),
    ...(continuations.length > 0 && { continuations }),
  };
  return Object.keys(timing).length > 0 ? timing : null;
}

/** Folds lines into a message. */
export function foldLines(lines: Iterable<string>): FoldedMessage {
  const fold = new MessageFold();
  for (const line of lines) fold.add(line);
  return fold.result();
}
