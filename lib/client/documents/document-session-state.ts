/** State of the open document, as the panel displays it. */
import type { SaveState } from '@/lib/client/documents/autosave';
import type { DocumentDetail } from '@/lib/protocol/api';
import type { StreamedDocument } from '@/lib/protocol/document-stream';

export type DocumentSessionState = {
  /** The displayed version; null until the first load. */
  detail: DocumentDetail | null;
  /** The streamed document, while it is what the panel displays. */
  streamed: StreamedDocument | null;
  /** The model is writing a new version while the user's edits stay displayed. */
  keepingEdits: boolean;
  /**
   * Whether the displayed version can be edited. Stays true when the model creates a newer one
   * meanwhile.
   */
  editable: boolean;
  /** React key of the view; it changes whenever the view must start from scratch. */
  viewKey: string;
  loading: boolean;
  /** Number of the version being loaded, if it was requested by number. */
  requestedVersion: number | null;
  /** Why the write of the displayed version was interrupted. */
  interruptedBy: string | null;
  /**
   * An older version that the displayed one conflicts with: its author had not seen it. Null once
   * acknowledged.
   */
  conflictsWith: number | null;
  /** Why the requested version cannot be displayed. */
  errorMessage: string | null;
  save: SaveState;
};

/** Part of every state change that ends or cancels a load. */
export const IDLE_LOAD = {
  loading: false,
  requestedVersion: null,
} satisfies Partial<DocumentSessionState>;

export const INITIAL_SESSION_STATE: DocumentSessionState = {
  detail: null,
  streamed: null,
  keepingEdits: false,
  editable: false,
  viewKey: '',
  ...IDLE_LOAD,
  interruptedBy: null,
  conflictsWith: null,
  errorMessage: null,
  save: { status: 'pristine' },
};

/** Converts a streamed document to the version that it became. */
export function detailFromStreamed(
  streamed: StreamedDocument,
  previous: DocumentDetail | null,
): DocumentDetail {
  const { id, title, kind, language, content, version, baseVersion, error } = streamed;
  return {
    ...{ id, title, kind, language, content, version, baseVersion },
    chatId: previous?.chatId ?? '',
    latest: Math.max(version, previous?.latest ?? 0),
    author: 'model',
    complete: error === null,
  };
}

/** Whether the requested version (null: the newest) is the displayed, editable and newest one. */
export function isEditableVersion(
  { detail, streamed, editable }: DocumentSessionState,
  version: number | string | null,
): boolean {
  if (!detail || streamed || !editable || detail.version < detail.latest) return false;
  return version === null || version === detail.version;
}
