import { prompt as code } from '@/artifacts/code/server/prompt';
import type { KindPrompt } from '@/artifacts/registry/server/kind-prompt';
import { prompt as sheet } from '@/artifacts/sheet/server/prompt';
import { prompt as text } from '@/artifacts/text/server/prompt';
import type { ArtifactKind } from '@/lib/protocol/artifact-kinds';

export const PROMPTS: Record<ArtifactKind, KindPrompt> = { code, sheet, text };
