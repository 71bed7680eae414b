'use client';

import { Play, RotateCcw, TriangleAlert } from 'lucide-react';
import type { MouseEvent } from 'react';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/class-names';
import { focusComposer } from '@/lib/client/chat/focus-composer';
import { isTruncated } from '@/lib/protocol/is-truncated';
import type { RunEndedAnnotation } from '@/lib/protocol/messages';

type AnswerStatusProps = {
  /** How the answer ended; undefined if unknown. */
  runEnded: RunEndedAnnotation | undefined;
  /** Whether it is the last message. Only then a failure is announced. */
  isLast: boolean;
  /** Undefined if the chat is no longer available. */
  onRegenerate: (() => void) | undefined;
  /** Whether the answer has content. Only a failed answer without content is displayed in red. */
  hasContent: boolean;
  /** Undefined if the answer cannot be continued. */
  onContinue: (() => void) | undefined;
};

/** Why a finished answer is incomplete, and how to continue it; nothing if it is complete. */
export function AnswerStatus({
  runEnded,
  isLast,
  hasContent,
  onRegenerate,
  onContinue,
}: AnswerStatusProps) {
  const status = runEnded?.status ?? 'complete';
  const failed = isFailed(runEnded);
  const truncated = status === 'complete' && isTruncated(runEnded?.finishReason);
  const continueButton = onContinue && (
    <Button
      variant={failed ? 'default' : 'outline'}
      size="sm"
      onClick={thenFocusComposer(onContinue)}
    >
      <Play /> Continue
    </Button>
  );
  return (
    <>
      {failed && (
        <div
          role={isLast ? 'alert' : undefined}
          className={cn(
            'flex flex-wrap items-center gap-x-3 gap-y-2 text-sm',
            !hasContent && 'rounded-lg border border-destructive/35 bg-destructive/5 px-3.5 py-2.5',
          )}
        >
          {!hasContent && (
            <TriangleAlert aria-hidden="true" className="size-4 shrink-0 text-destructive-text" />
          )}
          <p className={hasContent ? 'text-muted-foreground' : 'min-w-40 flex-1'}>
            {failureText(runEnded, hasContent)}
          </p>
          {isLast && onRegenerate && (
            <div className="flex gap-1.5">
              {continueButton}
              <Button
                variant={onContinue ? 'ghost' : 'outline'}
                size="sm"
                onClick={thenFocusComposer(onRegenerate)}
              >
                <RotateCcw /> Try again
              </Button>
            </div>
          )}
        </div>
      )}
      {(truncated || status === 'stopped') && (
        <div className="flex min-h-7 flex-wrap items-center gap-x-3 gap-y-2 text-muted-foreground text-sm">
          <p>
            {!truncated
              ? 'Stopped'
              : runEnded?.finishReason === 'length'
                ? 'The answer reached the token limit.'
                : 'The answer reached the limit of tool calls.'}
          </p>
          {continueButton}
        </div>
      )}
    </>
  );
}

/** Whether the answer could not be finished. */
export function isFailed(runEnded: RunEndedAnnotation | undefined): boolean {
  return runEnded?.status === 'failed' || runEnded?.status === 'interrupted';
}

/** The action removes its button. After a key press, the focus moves to the composer. */
export function thenFocusComposer(action: () => void) {
  return ({ detail }: MouseEvent) => {
    action();
    if (detail === 0) focusComposer();
  };
}

/** Why the answer is incomplete, and whether its content is stored. */
function failureText(runEnded: RunEndedAnnotation | undefined, hasContent: boolean): string {
  if (runEnded?.status === 'interrupted') {
    if (hasContent) return 'The server stopped here. Everything above is stored.';
    return runEnded.error?.message ?? 'The server stopped before the answer began. Try again.';
  }
  return runEnded?.error?.message ?? 'The answer couldn’t be finished. Try again.';
}
