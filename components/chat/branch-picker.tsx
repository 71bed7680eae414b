'use client';

import { ChevronLeft, ChevronRight } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Tooltip } from '@/components/ui/tooltip';

export type SelectBranch = (
  messageId: string,
  buttonLabel: 'Previous version' | 'Next version',
) => void;

type BranchPickerProps = {
  /** Ids of all siblings, oldest first. */
  siblings: readonly string[];
  /** The id of the displayed one. */
  currentId: string;
  /** Whether the branch cannot be changed, as while an answer is running. */
  locked: boolean;
  onSelect: SelectBranch;
};

/** "2 / 3" under a message with siblings, and the buttons to select them. */
export function BranchPicker({ siblings, currentId, locked, onSelect }: BranchPickerProps) {
  const index = siblings.indexOf(currentId);
  const renderButton = (
    label: 'Previous version' | 'Next version',
    targetId: string | undefined,
  ) => {
    const Icon = label === 'Next version' ? ChevronRight : ChevronLeft;
    return (
      <Tooltip label={label}>
        <Button
          variant="ghost"
          size="icon-xs"
          aria-label={label}
          // Not `disabled`: a disabled button would lose the keyboard focus.
          aria-disabled={locked || targetId === undefined}
          onClick={() => !locked && targetId !== undefined && onSelect(targetId, label)}
        >
          <Icon />
        </Button>
      </Tooltip>
    );
  };
  return (
    <fieldset
      aria-label={`Version ${index + 1} of ${siblings.length}`}
      className="flex items-center text-muted-foreground text-xs"
    >
      {renderButton('Previous version', siblings[index - 1])}
      <span aria-hidden="true" className="whitespace-nowrap tabular-nums">
        {index + 1} / {siblings.length}
      </span>
      {renderButton('Next version', siblings[index + 1])}
    </fieldset>
  );
}
