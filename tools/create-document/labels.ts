import type { DocumentLabels } from '@/tools/document-labels';

export const labels: DocumentLabels = {
  running: 'Writing…',
  done: () => null,
  writesVersion: true,
};
