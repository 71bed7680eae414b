'use client';

import { CircleStop, Play, RotateCcw, TriangleAlert, Unplug } from 'lucide-react';
import type { MouseEvent, ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { Tooltip } from '@/components/ui/tooltip';
import { focusComposer } from '@/lib/client/composer';
import { cn } from '@/lib/client/utils';
import { isCutShort } from '@/lib/protocol/cut-short';
import type { RunEndedAnnotation } from '@/lib/protocol/messages';

type EndingProps = {
  /** How the answer ended; undefined where nobody said. */
  ended: RunEndedAnnotation | undefined;
  /** Absent where the answer cannot be made anew: it is not the last one. */
  onRetry: (() => void) | undefined;
  /** Whether any of the answer arrived. Only an answer without content is shown in red. */
  arrived: boolean;
  /** Absent where there is nothing to go on with. */
  onContinue: (() => void) | undefined;
  /** The way to other versions of the answer. */
  switcher: ReactNode;
  copy: ReactNode;
  /** The name of the model that answered. */
  model: string | null;
  /** Classes that hide the row of actions until it is wanted. */
  quiet: string;
};

/** What stands under a finished answer: how it ended, where it is not whole, and what can be done. */
export function Ending({
  ended,
  arrived,
  onRetry,
  onContinue,
  switcher,
  copy,
  model,
  quiet,
}: EndingProps) {
  const status = ended?.status ?? 'complete';
  const wentWrong = status === 'failed' || status === 'interrupted';
  const cutShort = status === 'complete' && isCutShort(ended?.finishReason);
  const goOn = onContinue && (
    <Button variant={wentWrong ? 'default' : 'outline'} size="sm" onClick={leaving(onContinue)}>
      <Play /> Continue
    </Button>
  );
  return (
    <>
      {wentWrong && (
        <div
          role={onRetry ? 'alert' : undefined}
          data-tone={arrived ? 'neutral' : 'error'}
          className={cn(
            'flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border px-3.5 py-2.5 text-sm',
            arrived ? 'bg-muted' : 'border-destructive/35 bg-destructive/5',
          )}
        >
          {arrived ? (
            <Unplug aria-hidden="true" className="size-4 shrink-0 text-muted-foreground" />
          ) : (
            <TriangleAlert aria-hidden="true" className="size-4 shrink-0 text-destructive-text" />
          )}
          <p className="min-w-40 flex-1">{reasonOf(ended, arrived)}</p>
          {onRetry && (
            <div className="flex gap-1.5">
              {goOn}
              <Button
                variant={onContinue ? 'ghost' : 'outline'}
                size="sm"
                onClick={leaving(onRetry)}
              >
                <RotateCcw /> Try again
              </Button>
            </div>
          )}
        </div>
      )}
      {(cutShort || status === 'stopped') && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-muted-foreground text-sm">
          <p className="flex items-center gap-1.5">
            {!cutShort && <CircleStop aria-hidden="true" className="size-3.5" />}
            {!cutShort
              ? 'Stopped'
              : ended?.finishReason === 'length'
                ? 'The model reached its limit here.'
                : 'The model has used tools as often as it may in one answer.'}
          </p>
          {goOn}
        </div>
      )}
      <div className="-mt-1 -ml-1.5 flex min-w-0 items-center gap-0.5">
        {switcher}
        <div className={cn('flex min-w-0 items-center gap-0.5', quiet)}>
          {copy}
          {onRetry && !wentWrong && (
            <Tooltip label="Try again">
              <Button
                variant="ghost"
                size="icon-xs"
                aria-label="Try again"
                onClick={leaving(onRetry)}
              >
                <RotateCcw />
              </Button>
            </Tooltip>
          )}
          {model && <span className="ml-1.5 truncate text-muted-foreground text-xs">{model}</span>}
        </div>
      </div>
    </>
  );
}

/** The button goes away with what it does: whoever pressed it by a key would be nowhere. */
function leaving(act: () => void) {
  return ({ detail }: MouseEvent) => {
    act();
    if (detail === 0) focusComposer();
  };
}

/** Why the answer is not whole, and what became of the part that arrived. */
function reasonOf(ended: RunEndedAnnotation | undefined, arrived: boolean): string {
  if (ended?.status === 'interrupted') {
    if (arrived) return 'The server stopped here. Everything above is kept.';
    return ended.error?.message ?? 'The server stopped before the answer began. Try again.';
  }
  return ended?.error?.message ?? 'The answer could not be finished. Try again.';
}
