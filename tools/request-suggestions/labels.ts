import { formatCount } from '@/lib/shared/format-count';
import type { DocumentLabels } from '@/tools/document-labels';

export const labels: DocumentLabels = {
  running: 'Reading it for suggestions…',
  done({ suggestions }) {
    const count = Array.isArray(suggestions) ? suggestions.length : Number(suggestions ?? 0);
    return count === 0 ? 'No suggestions' : formatCount(count, 'suggestion');
  },
  writesVersion: false,
};
