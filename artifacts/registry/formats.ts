import { formats as code } from '@/artifacts/code/formats';
import type { ListFormats } from '@/artifacts/kind';
import { formats as sheet } from '@/artifacts/sheet/formats';
import { formats as text } from '@/artifacts/text/formats';
import type { ArtifactKind } from '@/lib/protocol/artifact-kinds';

export const FORMATS: Record<ArtifactKind, ListFormats> = { code, sheet, text };
