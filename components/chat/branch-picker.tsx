'use client';

import { ChevronLeft, ChevronRight } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Tooltip } from '@/components/ui/tooltip';

export type SelectBranch = (
  messageId: string,
  /** The displayed sibling. */
  replacedId: string,
  buttonLabel: 'Previous version' | 'Next version',
) => void;

type BranchPickerProps = {
  /** Ids of all siblings, oldest first. */
  siblings: readonly string[];
  /** The id of the displayed one. */
  currentId: string;
  /** Whether the branch cannot be changed, as in a chat that was deleted. */
  locked: boolean;
  onSelect: SelectBranch;
};

/**
 * "2 / 3" under a message with siblings, and the buttons and arrow keys to select them. Default
 * export, because it is lazy-loaded.
 */
export default function BranchPicker({ siblings, currentId, locked, onSelect }: BranchPickerProps) {
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
          onClick={() => !locked && targetId !== undefined && onSelect(targetId, currentId, label)}
        >
          <Icon />
        </Button>
      </Tooltip>
    );
  };
  return (
    <fieldset
      aria-label={`Version ${index + 1} of ${siblings.length}`}
      onKeyDown={(event) => {
        const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        const targetId = step === undefined ? undefined : siblings[index + step];
        if (locked || targetId === undefined) return;
        event.preventDefault();
        onSelect(targetId, currentId, step === 1 ? 'Next version' : 'Previous version');
      }}
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
