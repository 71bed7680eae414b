/** Formats a message as lines that fold to it: the first lines of a run that continues it. */
import { formatLine } from '@/lib/protocol/lines';
import type { MessagePart, Usage } from '@/lib/protocol/messages';
import { formatReasoningDuration } from '@/lib/protocol/reasoning-durations';

const UNKNOWN_USAGE: Usage = { promptTokens: null, completionTokens: null };

function formatStepEnd(usage: Usage | null, isContinued = false): string {
  return formatLine('e', { finishReason: 'unknown', usage: usage ?? UNKNOWN_USAGE, isContinued });
}

/** Ends a step whose real end is unknown or never arrived. */
export const UNKNOWN_STEP_END = formatStepEnd(null);

/** @returns lines, each with its newline; `foldLines` folds them to the same parts */
export function formatParts(parts: readonly MessagePart[], messageId: string): string {
  const stepStart = formatLine('f', { messageId });
  let lines = parts[0]?.type === 'step-start' ? '' : stepStart;
  let reasoningCount = 0;
  for (const [index, part] of parts.entries()) {
    switch (part.type) {
      case 'step-start':
        lines += index === 0 ? stepStart : UNKNOWN_STEP_END + stepStart;
        break;
      case 'text':
        lines += formatLine('0', part.text);
        break;
      case 'reasoning':
        lines += formatLine('g', part.reasoning) + formatReasoningDuration(part, reasoningCount);
        reasoningCount += 1;
        break;
      case 'source':
        lines += formatLine('h', part.source);
        break;
      case 'file':
        lines += formatLine('k', { mimeType: part.mimeType, data: part.data });
        break;
      case 'tool-invocation': {
        const { toolCallId, toolName, args, ...rest } = part.toolInvocation;
        lines += formatLine('9', { toolCallId, toolName, args });
        if (rest.state === 'result') lines += formatLine('a', { toolCallId, result: rest.result });
      }
    }
  }
  return lines;
}

/**
 * Formats the first lines of a run that continues a message: its content, then the start of a new
 * step unless the message ends in text, which is continued.
 * @param usage of the message so far. A step end carries it; if the message ends in text, with
 *   `isContinued`, which keeps the text part open.
 */
export function formatContinuation(
  parts: readonly MessagePart[],
  messageId: string,
  usage: Usage | null,
): string {
  const lines = formatParts(parts, messageId);
  const endsInText = parts.at(-1)?.type === 'text';
  if (endsInText) return usage ? lines + formatStepEnd(usage, true) : lines;
  return lines + formatStepEnd(usage) + formatLine('f', { messageId });
}
