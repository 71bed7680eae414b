import { type RefObject, useId } from 'react';
import { Button } from '@/components/ui/button';

type InstructionsConflictProps = {
  /** The text that another tab has stored; '' if it has removed the text. */
  stored: string;
  keepButton: RefObject<HTMLButtonElement | null>;
  onKeep: () => void;
  onReplace: () => void;
};

/** Lets the user choose between their text and the one that another tab has stored meanwhile. */
export function InstructionsConflict({
  stored,
  keepButton,
  onKeep,
  onReplace,
}: InstructionsConflictProps) {
  const id = useId();
  return (
    <div className="grid gap-2 rounded-md border border-warning-text/40 p-3 text-sm">
      <p id={id} role="alert">
        {stored === ''
          ? 'The instructions were removed in another tab while you were editing them.'
          : 'The instructions were changed in another tab while you were editing them:'}
      </p>
      {stored !== '' && (
        <textarea
          readOnly
          dir="auto"
          rows={3}
          value={stored}
          aria-labelledby={id}
          className="field-sizing-content max-h-24 w-full resize-none rounded-md border bg-muted px-3 py-2 text-muted-foreground text-sm"
        />
      )}
      <div className="flex flex-wrap gap-2">
        <Button ref={keepButton} variant="outline" size="sm" onClick={onKeep}>
          Keep mine
        </Button>
        <Button variant="outline" size="sm" onClick={onReplace}>
          {stored === '' ? 'Remove mine' : 'Use the other'}
        </Button>
      </div>
    </div>
  );
}
