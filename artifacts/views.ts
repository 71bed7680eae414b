import { type ComponentType, lazy } from 'react';
import type { ViewProps } from '@/artifacts/view-props';
import type { ArtifactKind } from '@/lib/protocol/events';

/** How each kind of document is shown and edited; none of it is in the first load. */
export const VIEWS: Record<ArtifactKind, ComponentType<ViewProps>> = {
  text: lazy(() => import('@/artifacts/text/view')),
  code: lazy(() => import('@/artifacts/code/view')),
  sheet: lazy(() => import('@/artifacts/sheet/view')),
};
