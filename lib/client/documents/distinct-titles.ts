import type { DocumentSummary } from '@/lib/protocol/api';

export type ListedDocument = DocumentSummary & {
  /** Its title, with a number where an older document of the chat has the same one. */
  label: string;
};

/** @param documents oldest first, as regenerated answers leave them: often with the same title */
export function withDistinctTitles(documents: readonly DocumentSummary[]): ListedDocument[] {
  const usedLabels = new Set<string>();
  const titles = new Set(documents.map(({ title }) => title));
  return documents.map((document) => {
    let label = document.title;
    // A number that is another document's title already is no number of this one.
    for (let number = 2; usedLabels.has(label) || (number > 2 && titles.has(label)); number++) {
      label = `${document.title} (${number})`;
    }
    usedLabels.add(label);
    return { ...document, label };
  });
}
