'use client';

import { RotateCcw } from 'lucide-react';
import type { ReactNode } from 'react';
import { isFailed, thenFocusComposer } from '@/components/chat/answer-status';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/class-names';
import { Tooltip } from '@/components/ui/tooltip';
import type { RunEndedAnnotation } from '@/lib/protocol/messages';

type AnswerFooterProps = {
  /** How the answer ended; undefined if unknown. */
  runEnded: RunEndedAnnotation | undefined;
  /** Whether it is the last message: its status has the button "Try again" if it failed. */
  isLast: boolean;
  /** Undefined if the chat is no longer available. */
  onRegenerate: (() => void) | undefined;
  /** Selects among the answer's siblings. */
  branchPicker: ReactNode;
  copyButton: ReactNode;
  moreActions: ReactNode;
  /** The name of the model that generated the answer. */
  modelName: string | null;
  /** Classes that hide the actions until hover or focus. */
  hiddenUntilHoverClass: string;
};

/** The footer of a finished answer: its actions. */
export function AnswerFooter({
  runEnded,
  isLast,
  onRegenerate,
  branchPicker,
  copyButton,
  moreActions,
  modelName,
  hiddenUntilHoverClass,
}: AnswerFooterProps) {
  return (
    <div className="-mt-1 -ml-1.5 flex min-w-0 flex-wrap items-center gap-0.5">
      {branchPicker}
      <div className={cn('flex min-w-0 flex-wrap items-center gap-0.5', hiddenUntilHoverClass)}>
        {copyButton}
        {onRegenerate && !(isFailed(runEnded) && isLast) && (
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
  );
}
