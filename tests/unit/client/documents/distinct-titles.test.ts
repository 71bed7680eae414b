import { expect, it } from 'vitest';
import { withDistinctTitles } from '@/lib/client/documents/distinct-titles';

it.each([
  [
    ['Plan', 'Notes'],
    ['Plan', 'Notes'],
  ],
  [
    ['Plan', 'Plan', 'Plan'],
    ['Plan', 'Plan (2)', 'Plan (3)'],
  ],
  [
    ['Plan', 'Plan', 'Plan (2)'],
    ['Plan', 'Plan (3)', 'Plan (2)'],
  ],
  [
    ['', ''],
    ['', ' (2)'],
  ],
])('documents with the same title are distinguished: %j', (titles, labels) => {
  const documents = titles.map((title, index) => ({
    id: String(index),
    title,
    kind: 'text' as const,
    language: null,
    version: 1,
    updatedAt: '2026-11-29T00:00:00Z',
  }));
  const listed = withDistinctTitles(documents);
  expect(listed.map(({ label }) => label)).toEqual(labels);
  expect(listed.map(({ title }) => title)).toEqual(titles);
});
