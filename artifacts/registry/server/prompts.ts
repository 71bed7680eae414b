/** Made of the folders in artifacts/ by scripts/lib/artifact-registries.ts. */
import { prompt as code } from '@/artifacts/code/server/prompt';
import { prompt as sheet } from '@/artifacts/sheet/server/prompt';
import { prompt as text } from '@/artifacts/text/server/prompt';
import type { KindPrompt } from '@/artifacts/kind';
import type { ArtifactKind } from '@/lib/protocol/artifact-kinds';

export const PROMPTS: Record<ArtifactKind, KindPrompt> = { code, sheet, text };
