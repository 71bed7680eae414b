import type { DocumentLabels } from '@/tools/document-labels';

export const labels: DocumentLabels = {
  running: 'Reading it for suggestions…',
  done({ suggestions }) {
    const count = Array.isArray(suggestions) ? suggestions.length : Number(suggestions ?? 0);
    if (count === 0) return 'No suggestions';
    return `${count} ${count === 1 ? 'suggestion' : 'suggestions'}`;
  },
  writesVersion: false,
};
