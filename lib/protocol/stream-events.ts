/**
 * Custom events, sent in `2:` lines of the data stream in addition to the message.
 *
 * One discriminated union for both ends. The server writes only `StreamEvent`s; the browser passes
 * every value through `parseStreamEvent`, so an older page ignores events of a newer server. No
 * schema library here: this file is part of the first load.
 */
import { ARTIFACT_KINDS, type ArtifactKind } from '@/lib/protocol/artifact-kinds';

/** A chunk of a document's content; the event type names the kind. */
export type DocumentDelta = {
  [K in ArtifactKind]: { type: `${K}-delta`; content: string };
}[ArtifactKind];

export function deltaType<K extends ArtifactKind>(kind: K): `${K}-delta` {
  return `${kind}-delta`;
}

/** A change to a document, proposed by the model. */
export type Suggestion = {
  id: string;
  documentId: string;
  originalText: string;
  suggestedText: string;
  description: string;
};

export type StreamEvent =
  /** The chat's title was generated. */
  | { type: 'title-updated'; content: string }
  /** A complete finished message from the database: JSON of a `StoredMessage`. */
  | { type: 'append-message'; message: string }
  /** The id of the document that the following deltas belong to. */
  | { type: 'id'; content: string }
  | { type: 'title'; content: string }
  | { type: 'kind'; content: ArtifactKind }
  /** The programming language, as named by the model; '' if not specified. */
  | { type: 'language'; content: string }
  /**
   * Starts a document write: the deltas that follow replace the document's content. `content` is
   * the `writingId` (the id of the tool call), because one answer may write a document several
   * times. `baseVersion` is the version that a change is based on.
   */
  | { type: 'clear'; content: string; baseVersion?: number }
  | DocumentDelta
  | { type: 'suggestion'; content: Suggestion }
  /** The document is complete. `content` is its version number, or '' if that is not saved yet. */
  | { type: 'finish'; content: string }
  | { type: 'error'; content: string };

const DELTA_TYPES = new Set<string>(ARTIFACT_KINDS.map(deltaType));

/** Whether an event carries a chunk of a document. */
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

/** Validates a StreamEvent; undefined if it is invalid or unknown to this version. */
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
