/**
 * The kinds of documents, each with a folder in `artifacts/`. The records in `artifacts/registry`
 * compile only if they list every kind.
 */
export const ARTIFACT_KINDS = ['code', 'sheet', 'text'] as const;

/** Displayed while the kind of a document is not known yet. */
export const PLACEHOLDER_KIND = 'text' satisfies ArtifactKind;

export type ArtifactKind = (typeof ARTIFACT_KINDS)[number];
