'use client';

import { ChevronLeft, ChevronRight } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Tooltip } from '@/components/ui/tooltip';

export type SelectVersion = (
  messageId: string,
  pressed: 'Previous version' | 'Next version',
) => void;

type VersionSwitcherProps = {
  /** Ids of all versions, oldest first. */
  versions: readonly string[];
  /** The id of the one that is shown. */
  shown: string;
  /** An answer is being made: until its end the branch stays. */
  locked: boolean;
  onSelect: SelectVersion;
};

/** "2 / 3" under a message that has several versions, and the way to the others. */
export function VersionSwitcher({ versions, shown, locked, onSelect }: VersionSwitcherProps) {
  const index = versions.indexOf(shown);
  const step = (label: 'Previous version' | 'Next version', to: string | undefined) => {
    const Icon = label === 'Next version' ? ChevronRight : ChevronLeft;
    return (
      <Tooltip label={label}>
        <Button
          variant="ghost"
          size="icon-xs"
          aria-label={label}
          // Not `disabled`: a button that loses the focus under a finger leaves a user nowhere.
          aria-disabled={locked || to === undefined}
          onClick={() => !locked && to !== undefined && onSelect(to, label)}
        >
          <Icon />
        </Button>
      </Tooltip>
    );
  };
  return (
    <fieldset
      aria-label={`Version ${index + 1} of ${versions.length}`}
      className="flex items-center text-muted-foreground text-xs"
    >
      {step('Previous version', versions[index - 1])}
      <span aria-hidden="true" className="whitespace-nowrap tabular-nums">
        {index + 1} / {versions.length}
      </span>
      {step('Next version', versions[index + 1])}
    </fieldset>
  );
}
