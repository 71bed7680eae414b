/** What the panel shows of the open document. */
import type { SaveState } from '@/lib/client/artifact/saver';
import type { Writing } from '@/lib/client/artifact/writing';
import type { DocumentDetail } from '@/lib/protocol/api';

export type SessionState = {
  /** The version that is shown; null while the first is loaded. */
  detail: DocumentDetail | null;
  /** What the model writes of it, where that is what is shown. */
  live: Writing | null;
  /** The model writes, and the person's edits stay in view. */
  aside: boolean;
  /** Whether what is shown can be edited. Stays so when the model makes a newer one meanwhile. */
  editable: boolean;
  /** Another one each time the view begins anew. */
  viewKey: string;
  loading: boolean;
  /** The number of the version that is being loaded, where one was asked for by its number. */
  wanted: number | null;
  /** Why the writing of what is shown broke off. */
  broke: string | null;
  /** A version that the person had not seen when they wrote theirs, which is newer; null once told. */
  beside: number | null;
  /** Why what was asked for cannot be shown. */
  problem: string | null;
  save: SaveState;
};

/** Of every change that ends a load, or drops it. */
export const NOT_LOADING = { loading: false, wanted: null } satisfies Partial<SessionState>;

export const NOTHING_SHOWN: SessionState = {
  detail: null,
  live: null,
  aside: false,
  editable: false,
  viewKey: '',
  ...NOT_LOADING,
  broke: null,
  beside: null,
  problem: null,
  save: { status: 'untouched' },
};

/** What was written live, as the version that it became. */
export function detailOf(writing: Writing, before: DocumentDetail | null): DocumentDetail {
  const { documentId: id, title, kind, language, content, version, baseVersion, error } = writing;
  return {
    ...{ id, title, kind, language, content, version, baseVersion },
    chatId: before?.chatId ?? '',
    latest: Math.max(version, before?.latest ?? 0),
    author: 'model',
    complete: error === null,
  };
}

/** Whether this version (null: the newest) is the one that can be edited, and none is newer. */
export function isInEditor(
  { detail, live, editable }: SessionState,
  version: number | string | null,
): boolean {
  if (!detail || live || !editable || detail.version < detail.latest) return false;
  return version === null || version === detail.version;
}
