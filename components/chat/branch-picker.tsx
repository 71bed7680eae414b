'use client';

import { ChevronLeft, ChevronRight } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Tooltip } from '@/components/ui/tooltip';

export type SelectBranch = (
  messageId: string,
  buttonLabel: 'Previous version' | 'Next version',
) => void;

type BranchPickerProps = {
  /** Ids of all versions, oldest first. */
  siblings: readonly string[];
  /** The id of the one that is shown. */
  currentId: string;
  /** An answer is being made: until its end the branch stays. */
  locked: boolean;
  onSelect: SelectBranch;
};

/** "2 / 3" under a message that has several versions, and the way to the others. */
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
          // Not `disabled`: a button that loses the focus under a finger leaves a user nowhere.
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
