import type { KindPrompt } from '@/artifacts/kind';

export const prompt: KindPrompt = {
  description: 'Markdown',
  // The built-in demo model knows it by sight.
  instructions:
    'You write a document in Markdown. Write only the document itself, without any comment.',
  outputFormat: 'document',
  supportsSuggestions: true,
};
