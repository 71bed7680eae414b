import { kind as code } from '@/artifacts/code/kind';
import type { KindDefinition } from '@/artifacts/kind';
import { kind as sheet } from '@/artifacts/sheet/kind';
import { kind as text } from '@/artifacts/text/kind';
import type { ArtifactKind } from '@/lib/protocol/artifact-kinds';

export const KINDS: Record<ArtifactKind, KindDefinition> = { code, sheet, text };
