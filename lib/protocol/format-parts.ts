/** Formats a message as lines, or those of its lines that a reader has not received yet. */
import { formatLine, UNKNOWN_USAGE } from '@/lib/protocol/lines';
import type {
  ContinuedAnnotation,
  MessagePart,
  ReasoningDurationAnnotation,
  ReasoningPart,
  Timing,
  TimingAnnotation,
  Usage,
} from '@/lib/protocol/messages';

function formatStepEnd(usage: Usage | null, isContinued = false): string {
  return formatLine('e', { finishReason: 'unknown', usage: usage ?? UNKNOWN_USAGE, isContinued });
}

/** Ends a step whose real end is unknown or never arrived. */
export const UNKNOWN_STEP_END = formatStepEnd(null);

/** The beginning of a message that a reader has received. */
export type ReceivedParts = {
  text: string;
  reasoning: string;
  toolCallIds: ReadonlySet<string>;
  /** Ids of the tool calls whose results were received. */
  toolResultIds: ReadonlySet<string>;
  stepCount: number;
  sourceAndFileCount: number;
};

const NOTHING: ReceivedParts = {
  text: '',
  reasoning: '',
  toolCallIds: new Set(),
  toolResultIds: new Set(),
  stepCount: 0,
  sourceAndFileCount: 0,
};

/**
 * Formats the parts that follow the received ones. `foldLines` folds all of them to the same parts.
 * @returns lines, each with its newline
 */
export function formatParts(
  parts: readonly MessagePart[],
  messageId: string,
  received = NOTHING,
): string {
  const stepStart = formatLine('f', { messageId });
  const skip = {
    text: received.text.length,
    reasoning: received.reasoning.length,
    sourcesAndFiles: received.sourceAndFileCount,
  };
  /** Formats the text that was not received. */
  const formatText = (code: '0' | 'g', type: 'text' | 'reasoning', text: string) => {
    const rest = text.slice(skip[type]);
    skip[type] = Math.max(0, skip[type] - text.length);
    return rest === '' ? '' : formatLine(code, rest);
  };
  let lines = received.stepCount === 0 ? stepStart : '';
  // The first line starts the first step.
  const startedSteps = Math.max(received.stepCount, 1);
  let step = parts[0]?.type === 'step-start' ? 0 : 1;
  let reasoningCount = 0;
  for (const part of parts) {
    switch (part.type) {
      case 'step-start':
        step += 1;
        if (step > startedSteps) lines += UNKNOWN_STEP_END + stepStart;
        break;
      case 'text':
        lines += formatText('0', 'text', part.text);
        break;
      case 'reasoning':
        lines += formatText('g', 'reasoning', part.reasoning);
        lines += formatReasoningDuration(part, reasoningCount);
        reasoningCount += 1;
        break;
      case 'source':
      case 'file':
        if (skip.sourcesAndFiles > 0) skip.sourcesAndFiles -= 1;
        else if (part.type === 'source') lines += formatLine('h', part.source);
        else lines += formatLine('k', { mimeType: part.mimeType, data: part.data });
        break;
      case 'tool-invocation': {
        const { toolCallId, toolName, args, ...rest } = part.toolInvocation;
        if (!received.toolCallIds.has(toolCallId)) {
          lines += formatLine('9', { toolCallId, toolName, args: args ?? {} });
        }
        if (rest.state === 'result' && !received.toolResultIds.has(toolCallId)) {
          lines += formatLine('a', { toolCallId, result: rest.result ?? null });
        }
      }
    }
  }
  return lines;
}

/** Formats the annotation line of a reasoning part; '' if its duration is unknown. */
function formatReasoningDuration({ ms }: ReasoningPart, index: number): string {
  if (ms === undefined) return '';
  const annotation: ReasoningDurationAnnotation = { type: 'thought', index, ms };
  return formatLine('8', [annotation]);
}

/**
 * Formats the first lines of a run that continues a message: its content, then the start of a new
 * step unless the message ends in text, which is continued.
 * @param usage of the message so far. A step end carries it; if the message ends in text, with
 *   `isContinued`, which keeps the text part open.
 * @param timing of the message so far
 */
export function formatContinuation(
  parts: readonly MessagePart[],
  messageId: string,
  usage: Usage | null,
  timing: Timing | null = null,
): string {
  const lines = formatParts(parts, messageId) + formatTiming(usage, timing);
  const endsInText = parts.at(-1)?.type === 'text';
  if (endsInText) return usage ? lines + formatStepEnd(usage, true) : lines;
  return lines + formatStepEnd(usage) + formatLine('f', { messageId });
}

/** What is unknown about the message so far remains unknown in total. */
function formatTiming(usage: Usage | null, timing: Timing | null): string {
  const hasTokens = typeof usage?.completionTokens === 'number';
  const annotation: TimingAnnotation = {
    type: 'timing',
    firstTokenMs: timing?.firstTokenMs ?? null,
    generationMs: hasTokens ? (timing?.generationMs ?? null) : 0,
  };
  const continuations = (timing?.continuations ?? []).map(
    (continuation): ContinuedAnnotation => ({ type: 'continued', ...continuation }),
  );
  return formatLine('8', [annotation, ...continuations]);
}
