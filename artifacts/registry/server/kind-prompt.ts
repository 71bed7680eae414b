import type { ContentChunk } from '@/lib/server/documents/content-chunks';

/** `prompt` of `server/prompt.ts`: the texts for models. */
export type KindPrompt = {
  /** For the model that chooses a kind, in a few words. */
  description: string;
  /** For the model that writes a document of this kind. */
  instructions: string;
  /** Extracts the content from the model's output, for example without a fence around it. */
  extractContent: (chunks: AsyncIterable<string>) => AsyncIterable<ContentChunk>;
  /** Whether the model may propose changes one by one (docs/decisions/0010-documents.md). */
  supportsSuggestions: boolean;
};
