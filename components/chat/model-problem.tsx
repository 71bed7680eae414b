'use client';

import { TriangleAlert } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Spinner } from '@/components/ui/spinner';
import type { UseModelsResult } from '@/lib/client/models/use-models';

/** Why there is no model. Without addresses of endpoints, which guests must not read. */
export function ModelProblem({ models }: { models: UseModelsResult }) {
  const reasons = new Set(models.problems.map(({ error }) => error.message));
  return (
    <div
      role="status"
      className="flex w-full max-w-[calc(var(--container-column)-3rem)] flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border bg-muted py-2.5 pr-2.5 pl-3.5 text-sm"
    >
      <TriangleAlert aria-hidden="true" className="size-4 shrink-0 text-warning-text" />
      <div className="min-w-40 flex-1">
        {[...reasons].map((reason) => (
          <p key={reason}>{reason}</p>
        ))}
      </div>
      <Button
        variant="outline"
        size="sm"
        onClick={models.refresh}
        aria-disabled={models.refreshing}
      >
        {models.refreshing && <Spinner label="" />}
        Try again
      </Button>
    </div>
  );
}
