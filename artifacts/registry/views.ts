import { type ComponentType, lazy } from 'react';
import type { ArtifactViewProps } from '@/artifacts/view-props';
import type { ArtifactKind } from '@/lib/protocol/artifact-kinds';

/** Lazy: no view is part of the first load. */
export const VIEWS: Record<ArtifactKind, ComponentType<ArtifactViewProps>> = {
  code: lazy(() => import('@/artifacts/code/view')),
  sheet: lazy(() => import('@/artifacts/sheet/view')),
  text: lazy(() => import('@/artifacts/text/view')),
};
