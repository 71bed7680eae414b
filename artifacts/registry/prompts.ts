/** Made of the folders in artifacts/ by scripts/lib/kinds.ts. */
import { prompt as code } from '@/artifacts/code/prompt';
import { prompt as sheet } from '@/artifacts/sheet/prompt';
import { prompt as text } from '@/artifacts/text/prompt';
import type { KindPrompt } from '@/artifacts/kind';
import type { ArtifactKind } from '@/lib/protocol/artifact-kinds';

export const PROMPTS: Record<ArtifactKind, KindPrompt> = { code, sheet, text };
