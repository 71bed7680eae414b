/**
 * What a kind of document is. Each has a folder beside this file with `kind.ts`, `view.tsx` (its editor,
 * `ViewProps`), `prompt.ts` and `formats.ts`; the lists of all kinds in `registry/` are made of these
 * folders by every build, so that a new kind is its folder and nothing else.
 */
import type { LucideIcon } from 'lucide-react';
import type { DownloadableDocument, DownloadFormat } from '@/lib/client/documents/download';

/** `kind.ts`, `kind`: what a page knows of it from the start. */
export type KindDefinition = {
  /** What a person calls one. */
  name: string;
  Icon: LucideIcon;
  /** What versions are compared as. */
  diffMode: DiffMode;
};

/** Lines of words, lines of code, or the rows and cells of a table (comma-separated values). */
export type DiffMode = 'prose' | 'code' | 'table';

/** `prompt.ts`, `prompt`: what models are told. */
export type KindPrompt = {
  /** To the model that chooses a kind, in a few words. */
  description: string;
  /** To the model that writes one. */
  instructions: string;
  /** As what the model's writing is read: what is around it, as a fence, is no part of it. */
  outputFormat: 'document' | 'program' | 'table';
  /** Whether the model may propose changes one by one (docs/decisions/0010-documents.md). */
  supportsSuggestions: boolean;
};

/** `formats.ts`, `formats`: what files a document can be downloaded as. */
export type ListFormats = (document: DownloadableDocument, content: string) => DownloadFormat[];
