import type { KindPrompt } from '@/artifacts/registry/server/kind-prompt';
import { extractTable } from '@/artifacts/sheet/server/extract-table';

export const prompt: KindPrompt = {
  description: 'a table',
  // The built-in demo model recognizes this text.
  instructions:
    'You write a table as comma-separated values (RFC 4180), the first line with the names of the ' +
    'columns, and as many fields in every line. Write only the table, without fences and without any comment on it.',
  extractContent: extractTable,
  supportsSuggestions: false,
};
