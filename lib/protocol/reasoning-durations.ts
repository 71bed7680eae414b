/** Reasoning durations on the wire: annotations, one or more for each reasoning part. */
import { formatLine } from '@/lib/protocol/lines';
import type { ReasoningDurationAnnotation, ReasoningPart } from '@/lib/protocol/messages';

/** The reasoning durations among annotations of any type. */
export function reasoningDurations(annotations: unknown): ReasoningDurationAnnotation[] {
  if (!Array.isArray(annotations)) return [];
  return annotations.filter((annotation) => annotation?.type === 'thought');
}

/** Formats the annotation line of a reasoning part; '' if its duration is unknown. */
export function formatReasoningDuration({ ms }: ReasoningPart, index: number): string {
  if (ms === undefined) return '';
  const annotation: ReasoningDurationAnnotation = { type: 'thought', index, ms };
  return formatLine('8', [annotation]);
}
