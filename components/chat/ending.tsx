'use client';

import { CircleStop, RotateCcw, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { Tooltip } from '@/components/ui/tooltip';
import { cn } from '@/lib/client/utils';
import type { RunEndedAnnotation } from '@/lib/protocol/messages';

type EndingProps = {
  /** How the answer ended; undefined where nobody said. */
  ended: RunEndedAnnotation | undefined;
  last: boolean;
  onRetry: () => void;
  copy: ReactNode;
  /** The name of the model that answered. */
  model: string | null;
  /** Classes that hide the row of actions until it is wanted. */
  quiet: string;
};

/** What stands under a finished answer: what went wrong, if anything did, and what can be done. */
export function Ending({ ended, last, onRetry, copy, model, quiet }: EndingProps) {
  const status = ended?.status ?? 'complete';
  const wentWrong = status === 'failed' || status === 'interrupted';
  const retryLabel = status === 'stopped' ? 'Retry' : 'Try again';
  const cutShort = status === 'complete' && ended?.finishReason === 'length';
  return (
    <>
      {wentWrong && (
        <div
          role={last ? 'alert' : undefined}
          className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border border-destructive/35 bg-destructive/5 px-3.5 py-2.5 text-sm"
        >
          <TriangleAlert aria-hidden="true" className="size-4 shrink-0 text-destructive-text" />
          <p className="min-w-40 flex-1">{ended?.error?.message ?? UNEXPLAINED[status]}</p>
          {last && (
            <Button variant="outline" size="sm" onClick={onRetry}>
              <RotateCcw /> Retry
            </Button>
          )}
        </div>
      )}
      {cutShort && (
        <p className="text-muted-foreground text-sm">
          The model reached its limit and ended here. Ask it to go on.
        </p>
      )}
      {status === 'stopped' && (
        <p className="flex items-center gap-1.5 text-muted-foreground text-sm">
          <CircleStop aria-hidden="true" className="size-3.5" /> Stopped
        </p>
      )}
      <div className={cn('-mt-1 -ml-1.5 flex min-w-0 items-center gap-0.5', quiet)}>
        {copy}
        {last && !wentWrong && (
          <Tooltip label={retryLabel}>
            <Button variant="ghost" size="icon-xs" aria-label={retryLabel} onClick={onRetry}>
              <RotateCcw />
            </Button>
          </Tooltip>
        )}
        {model && <span className="ml-1.5 truncate text-muted-foreground text-xs">{model}</span>}
      </div>
    </>
  );
}

const UNEXPLAINED = {
  failed: 'The answer could not be finished. Try again.',
  interrupted: 'The answer was interrupted. What had arrived is kept.',
};
