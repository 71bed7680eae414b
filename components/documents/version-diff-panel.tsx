'use client';

import { lazy, Suspense } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { KINDS } from '@/artifacts/registry/kinds';
import { Spinner } from '@/components/ui/spinner';
import { useVersionContent } from '@/lib/client/documents/use-versions';
import type { ArtifactKind } from '@/lib/protocol/artifact-kinds';

const DiffView = lazy(() => import('@/components/documents/diff/diff-view'));

type VersionDiffPanelProps = {
  /** The document's id. */
  id: string;
  kind: ArtifactKind;
  /** Version numbers. */
  from: number;
  to: number;
};

/** The differences between two versions of a document. */
export function VersionDiffPanel({ id, kind, from, to }: VersionDiffPanelProps) {
  const before = useVersionContent(id, from);
  const after = useVersionContent(id, to);
  const error = before.error ?? after.error;
  if (error) {
    return (
      <p role="alert" className="p-5 text-sm">
        {error.message}
      </p>
    );
  }
  const spinner = <Spinner label="Comparing the two versions" className="m-5" />;
  if (before.data === undefined || after.data === undefined) return spinner;
  return (
    <ErrorBoundary
      resetKeys={[from, to]}
      fallback={
        <p role="alert" className="p-5 text-sm">
          Couldn’t compare the two versions. Open each of them instead.
        </p>
      }
    >
      <Suspense fallback={spinner}>
        <DiffView
          before={before.data}
          after={after.data}
          mode={KINDS[kind].diffMode}
          description={`From version ${from} to version ${to}`}
        />
      </Suspense>
    </ErrorBoundary>
  );
}
