/** Made of the folders in artifacts/ by scripts/lib/artifact-registries.ts. */
export const ARTIFACT_KINDS = ['code', 'sheet', 'text'] as const;

export type ArtifactKind = (typeof ARTIFACT_KINDS)[number];
