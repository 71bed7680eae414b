import { annotationsOfType } from '@/lib/protocol/annotations';
import { formatParts, type ReceivedParts } from '@/lib/protocol/format-parts';
import { formatLine, type Line } from '@/lib/protocol/lines';
import type { StoredMessage } from '@/lib/protocol/messages';
import { reasoningOf, textOf } from '@/lib/protocol/text-of';

type CallId = { toolCallId: string };

/**
 * Tracks which content of an answer has been delivered to useChat and computes the missing lines
 * once the finished message is known.
 */
export class DeliveredState implements ReceivedParts {
  text = '';
  reasoning = '';
  readonly toolCallIds = new Set<string>();
  readonly toolResultIds = new Set<string>();
  stepCount = 0;
  sourceAndFileCount = 0;
  /** True once the run's end annotation has been delivered. */
  hasRunEnded = false;

  add({ code, value }: Line): void {
    if (code === '0') this.text += value as string;
    else if (code === 'g') this.reasoning += value as string;
    else if (code === '9') this.toolCallIds.add((value as CallId).toolCallId);
    else if (code === 'a') this.toolResultIds.add((value as CallId).toolCallId);
    else if (code === 'h' || code === 'k') this.sourceAndFileCount += 1;
    else if (code === 'f') this.stepCount += 1;
    else if (code === '8') this.hasRunEnded ||= annotationsOfType(value, 'run-ended').length > 0;
  }

  /**
   * Returns the lines of the message that were not delivered; undefined if its text or reasoning
   * does not start with what was delivered, so the page must replace the message.
   */
  missingLines({ id, parts, annotations }: StoredMessage): string | undefined {
    if (!textOf(parts).startsWith(this.text)) return undefined;
    if (!reasoningOf(parts).startsWith(this.reasoning)) return undefined;
    const lines = formatParts(parts, id, this);
    const isEndMissing = !this.hasRunEnded && annotations.length > 0;
    return isEndMissing ? lines + formatLine('8', annotations) : lines;
  }
}
