/** What the panel shows of the open document. */
import type { SaveState } from '@/lib/client/documents/autosave';
import type { StreamedDocument } from '@/lib/client/documents/document-stream';
import type { DocumentDetail } from '@/lib/protocol/api';

export type DocumentSessionState = {
  /** The version that is shown; null while the first is loaded. */
  detail: DocumentDetail | null;
  /** What the model writes of it, where that is what is shown. */
  streamed: StreamedDocument | null;
  /** The model writes, and the person's edits stay in view. */
  keepingEdits: boolean;
  /** Whether what is shown can be edited. Stays so when the model makes a newer one meanwhile. */
  editable: boolean;
  /** Another one each time the view begins anew. */
  viewKey: string;
  loading: boolean;
  /** The number of the version that is being loaded, where one was asked for by its number. */
  requestedVersion: number | null;
  /** Why the writing of what is shown broke off. */
  interruptedBy: string | null;
  /** A version that the person had not seen when they wrote theirs, which is newer; null once told. */
  conflictsWith: number | null;
  /** Why what was asked for cannot be shown. */
  errorMessage: string | null;
  save: SaveState;
};

/** Of every change that ends a load, or drops it. */
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
  save: { status: 'untouched' },
};

/** What was written live, as the version that it became. */
export function detailFromStreamed(
  streamed: StreamedDocument,
  previous: DocumentDetail | null,
): DocumentDetail {
  const { documentId: id, title, kind, language, content, version, baseVersion, error } = streamed;
  return {
    ...{ id, title, kind, language, content, version, baseVersion },
    chatId: previous?.chatId ?? '',
    latest: Math.max(version, previous?.latest ?? 0),
    author: 'model',
    complete: error === null,
  };
}

/** Whether this version (null: the newest) is the one that can be edited, and none is newer. */
export function isEditableVersion(
  { detail, streamed, editable }: DocumentSessionState,
  version: number | string | null,
): boolean {
  if (!detail || streamed || !editable || detail.version < detail.latest) return false;
  return version === null || version === detail.version;
}
