import type { KindPrompt } from '@/artifacts/registry/server/kind-prompt';
import { extractMarkdown } from '@/artifacts/text/server/extract-markdown';

export const prompt: KindPrompt = {
  description: 'Markdown',
  // The built-in demo model recognizes this text.
  instructions:
    'You write a document in Markdown. Write only the document itself, without any comment.',
  extractContent: extractMarkdown,
  supportsSuggestions: true,
};
