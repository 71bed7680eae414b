'use client';

import { CircleStop, RotateCcw, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { Tooltip } from '@/components/ui/tooltip';
import type { RunEndedAnnotation } from '@/lib/protocol/messages';

type EndingProps = {
  /** How the answer ended; undefined where nobody said. */
  ended: RunEndedAnnotation | undefined;
  last: boolean;
  onRetry: () => void;
  /** The row of quiet actions. */
  children: ReactNode;
};

/** What stands under a finished answer: what went wrong, if anything did, and what can be done. */
export function Ending({ ended, last, onRetry, children }: EndingProps) {
  const status = ended?.status ?? 'complete';
  const wentWrong = status === 'failed' || status === 'interrupted';
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
      <div className="-ml-1 flex min-h-6 flex-wrap items-center gap-1">
        {status === 'stopped' && (
          <span className="mr-1 ml-1 flex items-center gap-1.5 text-muted-foreground text-sm">
            <CircleStop aria-hidden="true" className="size-3.5" /> Stopped
          </span>
        )}
        {children}
        {last && !wentWrong && (
          <Tooltip label={status === 'stopped' ? 'Retry' : 'Try again'}>
            <Button
              variant="ghost"
              size="icon-xs"
              aria-label={status === 'stopped' ? 'Retry' : 'Try again'}
              onClick={onRetry}
            >
              <RotateCcw />
            </Button>
          </Tooltip>
        )}
      </div>
    </>
  );
}

const UNEXPLAINED = {
  failed: 'The answer could not be finished. Try again.',
  interrupted: 'The answer was interrupted. What had arrived is kept.',
};
