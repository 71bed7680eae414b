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
  readonly calls = new Set<string>();
  readonly results = new Set<string>();
  stepCount = 0;
  otherCount = 0;
  /** True once the run's end annotation has been delivered. */
  hasRunEnded = false;

  add({ code, value }: Line): void {
    if (code === '0') this.text += value as string;
    else if (code === 'g') this.reasoning += value as string;
    else if (code === '9') this.calls.add((value as CallId).toolCallId);
    else if (code === 'a') this.results.add((value as CallId).toolCallId);
    else if (code === 'h' || code === 'k') this.otherCount += 1;
    else if (code === 'f') this.stepCount += 1;
    else if (code === '8') this.hasRunEnded ||= annotationsOfType(value, 'run-ended').length > 0;
  }

  /**
   * Returns the lines that complete the delivered content to the whole message, or undefined if
   * the delivered content is not a prefix of it and the page has to replace the message.
   */
  missingLines({ id, parts, annotations }: StoredMessage): string | undefined {
    if (!textOf(parts).startsWith(this.text)) return undefined;
    if (!reasoningOf(parts).startsWith(this.reasoning)) return undefined;
    const lines = formatParts(parts, id, this);
    const isEndMissing = !this.hasRunEnded && annotations.length > 0;
    return isEndMissing ? lines + formatLine('8', annotations) : lines;
  }
}
