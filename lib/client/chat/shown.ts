/**
 * What of an answer has been handed to the page so far, and what is still missing of it once the
 * finished message is known.
 */
import { formatLine } from '@/lib/protocol/lines';
import type { MessagePart, StoredMessage } from '@/lib/protocol/messages';
import { formatThought } from '@/lib/protocol/thoughts';
import { STEP_END } from '@/lib/protocol/unfold';

/** A line taken apart: its code and its JSON value. */
export type ParsedLine = { code: string; value: unknown };

type CallId = { toolCallId: string };

/** Follows the lines handed to the page. Text and reasoning are kept whole, the rest by name. */
export class Shown {
  private text = '';
  private reasoning = '';
  private readonly calls = new Set<string>();
  private readonly results = new Set<string>();
  private others = 0;
  private steps = 0;
  /** True once the annotation that says how the run ended has passed. */
  ended = false;

  add({ code, value }: ParsedLine): void {
    if (code === '0') this.text += value as string;
    else if (code === 'g') this.reasoning += value as string;
    else if (code === '9') this.calls.add((value as CallId).toolCallId);
    else if (code === 'a') this.results.add((value as CallId).toolCallId);
    else if (code === 'h' || code === 'k') this.others += 1;
    else if (code === 'f') this.steps += 1;
    else if (code === '8') this.ended ||= hasRunEnded(value);
  }

  /**
   * The lines that lead from what was shown to the whole message, or undefined where what was shown
   * is not a beginning of it: then the page has to replace the message.
   */
  remainder(message: StoredMessage): string[] | undefined {
    const skip = {
      text: this.text.length,
      reasoning: this.reasoning.length,
      others: this.others,
    };
    if (!joined(message.parts, 'text').startsWith(this.text)) return undefined;
    if (!joined(message.parts, 'reasoning').startsWith(this.reasoning)) return undefined;
    const lines: string[] = [];
    let step = 0;
    let thoughts = 0;
    for (const part of message.parts) {
      if (part.type === 'text') {
        const rest = take(part.text, skip, 'text');
        if (rest) lines.push(formatLine('0', rest));
      } else if (part.type === 'reasoning') {
        const rest = take(part.reasoning, skip, 'reasoning');
        if (rest) lines.push(formatLine('g', rest));
        const thought = formatThought(part, thoughts);
        if (thought) lines.push(thought);
        thoughts += 1;
      } else if (part.type === 'tool-invocation') {
        lines.push(...this.toolLines(part));
      } else if (part.type === 'step-start') {
        step += 1;
        if (step > Math.max(this.steps, 1))
          lines.push(STEP_END, formatLine('f', { messageId: message.id }));
      } else if (part.type === 'source' || part.type === 'file') {
        if (skip.others > 0) skip.others -= 1;
        else if (part.type === 'source') lines.push(formatLine('h', part.source));
        else lines.push(formatLine('k', { mimeType: part.mimeType, data: part.data }));
      }
    }
    if (this.steps === 0) lines.unshift(formatLine('f', { messageId: message.id }));
    if (!this.ended && message.annotations.length > 0) {
      lines.push(formatLine('8', message.annotations));
    }
    return lines;
  }

  private toolLines(part: Extract<MessagePart, { type: 'tool-invocation' }>): string[] {
    const { toolCallId, toolName, args, ...rest } = part.toolInvocation;
    const lines: string[] = [];
    if (!this.calls.has(toolCallId)) {
      lines.push(formatLine('9', { toolCallId, toolName, args: args ?? {} }));
    }
    if (rest.state === 'result' && !this.results.has(toolCallId)) {
      lines.push(formatLine('a', { toolCallId, result: rest.result ?? null }));
    }
    return lines;
  }
}

function hasRunEnded(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.some((annotation) => (annotation as { type?: unknown } | null)?.type === 'run-ended')
  );
}

function joined(parts: readonly MessagePart[], type: 'text' | 'reasoning'): string {
  let all = '';
  for (const part of parts) {
    if (type === 'text' && part.type === 'text') all += part.text;
    if (type === 'reasoning' && part.type === 'reasoning') all += part.reasoning;
  }
  return all;
}

/** The piece after the first `skip[kind]` characters; counts down what it passed over. */
function take(
  text: string,
  skip: { text: number; reasoning: number },
  kind: 'text' | 'reasoning',
): string {
  const passed = Math.min(skip[kind], text.length);
  skip[kind] -= passed;
  return text.slice(passed);
}
