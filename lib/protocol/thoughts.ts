/** How long a model thought, on the wire: in annotations, one or more for each reasoning part. */
import { formatLine } from '@/lib/protocol/lines';
import type { ReasoningPart, ThoughtAnnotation } from '@/lib/protocol/messages';

/** Those among annotations of any kind. */
export function thoughtsIn(annotations: unknown): ThoughtAnnotation[] {
  if (!Array.isArray(annotations)) return [];
  return annotations.filter((annotation) => annotation?.type === 'thought');
}

/** The line that tells it of a part of the message; '' where it is not known. */
export function formatThought({ ms }: ReasoningPart, index: number): string {
  if (ms === undefined) return '';
  const thought: ThoughtAnnotation = { type: 'thought', index, ms };
  return formatLine('8', [thought]);
}
