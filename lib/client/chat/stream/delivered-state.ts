/**
 * Tracks which content of an answer has been delivered to useChat and computes the missing lines
 * once the finished message is known.
 */

import { UNKNOWN_STEP_END } from '@/lib/protocol/format-parts';
import { formatLine } from '@/lib/protocol/lines';
import type { MessagePart, StoredMessage } from '@/lib/protocol/messages';
import { formatReasoningDuration } from '@/lib/protocol/reasoning-durations';

/** A parsed line: its code and its JSON value. */
export type ParsedLine = { code: string; value: unknown };

type CallId = { toolCallId: string };

/** State of the delivered lines: full text and reasoning, ids of calls and results, counts. */
export class DeliveredState {
  private text = '';
  private reasoning = '';
  private readonly calls = new Set<string>();
  private readonly results = new Set<string>();
  private otherPartCount = 0;
  private stepCount = 0;
  /** True once the run's end annotation has been delivered. */
  hasRunEnded = false;

  add({ code, value }: ParsedLine): void {
    if (code === '0') this.text += value as string;
    else if (code === 'g') this.reasoning += value as string;
    else if (code === '9') this.calls.add((value as CallId).toolCallId);
    else if (code === 'a') this.results.add((value as CallId).toolCallId);
    else if (code === 'h' || code === 'k') this.otherPartCount += 1;
    else if (code === 'f') this.stepCount += 1;
    else if (code === '8') this.hasRunEnded ||= includesRunEnded(value);
  }

  /**
   * Returns the lines that complete the delivered content to the whole message, or undefined if
   * the delivered content is not a prefix of it and the page has to replace the message.
   */
  missingLines(message: StoredMessage): string[] | undefined {
    const skipCounts = {
      text: this.text.length,
      reasoning: this.reasoning.length,
      others: this.otherPartCount,
    };
    if (!joinText(message.parts, 'text').startsWith(this.text)) return undefined;
    if (!joinText(message.parts, 'reasoning').startsWith(this.reasoning)) return undefined;
    const lines: string[] = [];
    let step = 0;
    let reasoningIndex = 0;
    for (const part of message.parts) {
      if (part.type === 'text') {
        const remaining = skipDelivered(part.text, skipCounts, 'text');
        if (remaining) lines.push(formatLine('0', remaining));
      } else if (part.type === 'reasoning') {
        const remaining = skipDelivered(part.reasoning, skipCounts, 'reasoning');
        if (remaining) lines.push(formatLine('g', remaining));
        const durationLine = formatReasoningDuration(part, reasoningIndex);
        if (durationLine) lines.push(durationLine);
        reasoningIndex += 1;
      } else if (part.type === 'tool-invocation') {
        lines.push(...this.missingToolLines(part));
      } else if (part.type === 'step-start') {
        step += 1;
        if (step > Math.max(this.stepCount, 1))
          lines.push(UNKNOWN_STEP_END, formatLine('f', { messageId: message.id }));
      } else if (part.type === 'source' || part.type === 'file') {
        if (skipCounts.others > 0) skipCounts.others -= 1;
        else if (part.type === 'source') lines.push(formatLine('h', part.source));
        else lines.push(formatLine('k', { mimeType: part.mimeType, data: part.data }));
      }
    }
    if (this.stepCount === 0) lines.unshift(formatLine('f', { messageId: message.id }));
    if (!this.hasRunEnded && message.annotations.length > 0) {
      lines.push(formatLine('8', message.annotations));
    }
    return lines;
  }

  private missingToolLines(part: Extract<MessagePart, { type: 'tool-invocation' }>): string[] {
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

function includesRunEnded(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.some((annotation) => (annotation as { type?: unknown } | null)?.type === 'run-ended')
  );
}

function joinText(parts: readonly MessagePart[], type: 'text' | 'reasoning'): string {
  let text = '';
  for (const part of parts) {
    if (type === 'text' && part.type === 'text') text += part.text;
    if (type === 'reasoning' && part.type === 'reasoning') text += part.reasoning;
  }
  return text;
}

/** Returns the text after the first `skipCounts[partType]` characters and reduces that count. */
function skipDelivered(
  text: string,
  skipCounts: { text: number; reasoning: number },
  partType: 'text' | 'reasoning',
): string {
  const skipped = Math.min(skipCounts[partType], text.length);
  skipCounts[partType] -= skipped;
  return text.slice(skipped);
}
