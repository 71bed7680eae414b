/**
 * Custom events: what travels in `2:` lines of the data stream beside the message itself.
 *
 * One discriminated union for both ends. The server writes only what `StreamEvent` allows; the
 * browser passes every value through `parseStreamEvent`, so an event of a newer server is ignored
 * by an older page. No schema library here: this file is part of the first load.
 */
import { ARTIFACT_KINDS, type ArtifactKind } from '@/lib/protocol/artifact-kinds';

/** A piece of a document, by its kind. */
export type DocumentDelta = {
  [K in ArtifactKind]: { type: `${K}-delta`; content: string };
}[ArtifactKind];

export function deltaType<K extends ArtifactKind>(kind: K): `${K}-delta` {
  return `${kind}-delta`;
}

/** A change to a document that the model proposes. */
export type Suggestion = {
  id: string;
  documentId: string;
  originalText: string;
  suggestedText: string;
  description: string;
};

export type StreamEvent =
  /** The chat got its title. */
  | { type: 'title-updated'; content: string }
  /** A finished message in full, from the database: JSON of a `StoredMessage`. */
  | { type: 'append-message'; message: string }
  /** The artifact that the following deltas belong to. */
  | { type: 'id'; content: string }
  | { type: 'title'; content: string }
  | { type: 'kind'; content: ArtifactKind }
  /** The language of a program, as the model named it; '' where it named none. */
  | { type: 'language'; content: string }
  /**
   * What the artifact held so far is replaced by what follows. Carries the id of this writing (its
   * tool call's): one document may be written several times in one answer. A change says which
   * version it is made from.
   */
  | { type: 'clear'; content: string; baseVersion?: number }
  | DocumentDelta
  | { type: 'suggestion'; content: Suggestion }
  /** The artifact is written: the number of its version, or '' where that is not saved yet. */
  | { type: 'finish'; content: string }
  | { type: 'error'; content: string };

const DELTA_TYPES = new Set<string>(ARTIFACT_KINDS.map(deltaType));

/** Whether an event carries a piece of a document. */
export function isDocumentDelta(event: StreamEvent): event is DocumentDelta {
  return DELTA_TYPES.has(event.type);
}

const STRING_CONTENT = new Set([
  'title-updated',
  'id',
  'title',
  'language',
  'clear',
  ...DELTA_TYPES,
  'finish',
  'error',
]);
const KNOWN_KINDS = new Set<string>(ARTIFACT_KINDS);

/** The value as a StreamEvent, or undefined where it is none that this version knows. */
export function parseStreamEvent(value: unknown): StreamEvent | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, content, message } = value as Record<string, unknown>;
  if (typeof type !== 'string') return undefined;
  if (STRING_CONTENT.has(type)) {
    return typeof content === 'string' ? (value as StreamEvent) : undefined;
  }
  if (type === 'append-message') {
    return typeof message === 'string' ? (value as StreamEvent) : undefined;
  }
  if (type === 'kind') {
    return typeof content === 'string' && KNOWN_KINDS.has(content)
      ? (value as StreamEvent)
      : undefined;
  }
  if (type === 'suggestion') {
    return isSuggestion(content) ? (value as StreamEvent) : undefined;
  }
  return undefined;
}

const SUGGESTION_FIELDS = ['id', 'documentId', 'originalText', 'suggestedText', 'description'];

function isSuggestion(value: unknown): value is Suggestion {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Record<string, unknown>;
  return SUGGESTION_FIELDS.every((name) => typeof fields[name] === 'string');
}
