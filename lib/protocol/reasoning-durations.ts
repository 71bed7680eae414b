/** How long a model thought, on the wire: in annotations, one or more for each reasoning part. */
import { formatLine } from '@/lib/protocol/lines';
import type { ReasoningDurationAnnotation, ReasoningPart } from '@/lib/protocol/messages';

/** Those among annotations of any kind. */
export function reasoningDurations(annotations: unknown): ReasoningDurationAnnotation[] {
  if (!Array.isArray(annotations)) return [];
  return annotations.filter((annotation) => annotation?.type === 'thought');
}

/** The line that tells it of a part of the message; '' where it is not known. */
export function formatReasoningDuration({ ms }: ReasoningPart, index: number): string {
  if (ms === undefined) return '';
  const annotation: ReasoningDurationAnnotation = { type: 'thought', index, ms };
  return formatLine('8', [annotation]);
}
