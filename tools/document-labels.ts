import type { DocumentToolResult } from '@/lib/protocol/messages';

/** `labels` of `labels.ts`: how the page displays the calls of a tool that works on a document. */
export type DocumentLabels = {
  /** While it runs. */
  running: string;
  /** One or two words for its action, when done; null for a new document. */
  done: (result: Partial<DocumentToolResult>) => string | null;
  /** Whether it writes a version, which its card opens. Otherwise the card opens the newest one. */
  writesVersion: boolean;
};
