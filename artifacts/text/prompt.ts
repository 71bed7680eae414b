import type { Prompt } from '@/artifacts/kind';

export const prompt: Prompt = {
  description: 'Markdown',
  // The built-in demo model knows it by sight.
  instructions:
    'You write a document in Markdown. Write only the document itself, without any comment.',
  writtenAs: 'document',
  takesSuggestions: true,
};
