import type { DocumentLabels } from '@/tools/document-labels';

export const labels: DocumentLabels = {
  running: 'Writing a new version…',
  done: () => 'Updated',
  writesVersion: true,
};
