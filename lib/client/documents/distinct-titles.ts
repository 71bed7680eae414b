import type { DocumentSummary } from '@/lib/protocol/api';

export type ListedDocument = DocumentSummary & {
  /** The title, with a number appended if an older document of the chat has the same title. */
  label: string;
};

/**
 * Makes titles unique; regenerated answers often create documents with the same title.
 * @param documents oldest first
 */
export function withDistinctTitles(documents: readonly DocumentSummary[]): ListedDocument[] {
  const usedLabels = new Set<string>();
  const titles = new Set(documents.map(({ title }) => title));
  return documents.map((document) => {
    let label = document.title;
    // Skip a numbered label that is the title of another document.
    for (let number = 2; usedLabels.has(label) || (number > 2 && titles.has(label)); number++) {
      label = `${document.title} (${number})`;
    }
    usedLabels.add(label);
    return { ...document, label };
  });
}
