'use client';

import { CircleStop, Play, RotateCcw, TriangleAlert, Unplug } from 'lucide-react';
import type { MouseEvent, ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/class-names';
import { Tooltip } from '@/components/ui/tooltip';
import { focusComposer } from '@/lib/client/chat/focus-composer';
import { isTruncated } from '@/lib/protocol/is-truncated';
import type { RunEndedAnnotation } from '@/lib/protocol/messages';

type AnswerFooterProps = {
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
  /** Selects among the answer's siblings. */
  branchPicker: ReactNode;
  copyButton: ReactNode;
  moreActions: ReactNode;
  /** The name of the model that generated the answer. */
  modelName: string | null;
  /** Classes that hide the actions until hover or focus. */
  hiddenUntilHoverClass: string;
};

/** The footer of a finished answer: why it is incomplete, if it is, and its actions. */
export function AnswerFooter({
  runEnded,
  isLast,
  hasContent,
  onRegenerate,
  onContinue,
  branchPicker,
  copyButton,
  moreActions,
  modelName,
  hiddenUntilHoverClass,
}: AnswerFooterProps) {
  const status = runEnded?.status ?? 'complete';
  const failed = status === 'failed' || status === 'interrupted';
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
            'flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border px-3.5 py-2.5 text-sm',
            hasContent ? 'bg-muted' : 'border-destructive/35 bg-destructive/5',
          )}
        >
          {hasContent ? (
            <Unplug aria-hidden="true" className="size-4 shrink-0 text-muted-foreground" />
          ) : (
            <TriangleAlert aria-hidden="true" className="size-4 shrink-0 text-destructive-text" />
          )}
          <p className="min-w-40 flex-1">{failureText(runEnded, hasContent)}</p>
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
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-muted-foreground text-sm">
          <p className="flex items-center gap-1.5">
            {!truncated && <CircleStop aria-hidden="true" className="size-3.5" />}
            {!truncated
              ? 'Stopped'
              : runEnded?.finishReason === 'length'
                ? 'The answer reached the token limit.'
                : 'The answer reached the limit of tool calls.'}
          </p>
          {continueButton}
        </div>
      )}
      <div className="-mt-1 -ml-1.5 flex min-w-0 flex-wrap items-center gap-0.5">
        {branchPicker}
        <div className={cn('flex min-w-0 flex-wrap items-center gap-0.5', hiddenUntilHoverClass)}>
          {copyButton}
          {onRegenerate && !(failed && isLast) && (
            <Tooltip label="Regenerate">
              <Button
                variant="ghost"
                size="icon-xs"
                aria-label="Regenerate"
                onClick={thenFocusComposer(onRegenerate)}
              >
                <RotateCcw />
              </Button>
            </Tooltip>
          )}
          {moreActions}
          {modelName && (
            // On a phone there is no space for it: it is among the details.
            <span className="ml-1.5 truncate text-muted-foreground text-xs max-sm:hidden">
              {modelName}
            </span>
          )}
        </div>
      </div>
    </>
  );
}

/** The action removes its button. After a key press, the focus moves to the composer. */
function thenFocusComposer(action: () => void) {
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
