import type {
  ContinuedAnnotation,
  ReasoningDurationAnnotation,
  RunEndedAnnotation,
  TimingAnnotation,
  UsageAnnotation,
} from '@/lib/protocol/messages';

type Annotation =
  | ContinuedAnnotation
  | RunEndedAnnotation
  | ReasoningDurationAnnotation
  | TimingAnnotation
  | UsageAnnotation;

/** Returns the annotations of one type, in order: the last one usually counts. */
export function annotationsOfType<T extends Annotation['type']>(
  annotations: unknown,
  type: T,
): Array<Extract<Annotation, { type: T }>> {
  if (!Array.isArray(annotations)) return [];
  return annotations.filter((annotation) => annotation?.type === type);
}
