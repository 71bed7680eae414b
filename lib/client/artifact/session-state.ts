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
  /** A version that the person had not seen when they wrote theirs, which is newer; null once told. */
  beside: number | null;
  /** Why the document cannot be shown. */
  problem: string | null;
  save: SaveState;
};

export const NOTHING_SHOWN: SessionState = {
  detail: null,
  live: null,
  aside: false,
  editable: false,
  viewKey: '',
  loading: false,
  beside: null,
  problem: null,
  save: { status: 'untouched' },
};
