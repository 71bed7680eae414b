import { CODE_INSTRUCTIONS } from '@/artifacts/code/prompt';
import { SHEET_INSTRUCTIONS } from '@/artifacts/sheet/prompt';
import { TEXT_INSTRUCTIONS } from '@/artifacts/text/prompt';
import type { ArtifactKind } from '@/lib/protocol/events';

/** What the model that writes a document is told, by kind. */
export const INSTRUCTIONS: Record<ArtifactKind, string> = {
  text: TEXT_INSTRUCTIONS,
  code: CODE_INSTRUCTIONS,
  sheet: SHEET_INSTRUCTIONS,
};
