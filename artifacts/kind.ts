/**
 * The interface of a kind of document. Each kind has a folder next to this file with `kind.ts`,
 * `view.tsx` (its editor, `ArtifactViewProps`), `formats.ts` and `server/prompt.ts`. The maps of
 * all kinds are in `registry/`; as `Record<ArtifactKind, ...>` they fail to compile while a kind is
 * missing.
 */
import type { LucideIcon } from 'lucide-react';
import type { DownloadableDocument, DownloadFormat } from '@/lib/client/documents/download';

/** `kind` of `kind.ts`: what the page needs from the first load on. */
export type KindDefinition = {
  /** Display name. */
  name: string;
  Icon: LucideIcon;
  /** How two versions are compared. */
  diffMode: DiffMode;
};

/**
 * By lines of prose, by lines of source text, or by rows and cells of a table (comma-separated
 * values).
 */
export type DiffMode = 'prose' | 'source' | 'table';

/** `formats` of `formats.ts`: lists the formats a document can be downloaded in. */
export type ListFormats = (document: DownloadableDocument, content: string) => DownloadFormat[];
