'use client';

import type { RefObject } from 'react';
import { Button } from '@/components/ui/button';
import { Popover, PopoverAnchor, PopoverContent } from '@/components/ui/popover';
import { Spinner } from '@/components/ui/spinner';
import type { UseModelsResult } from '@/lib/client/models/use-models';
import { ModelListbox } from './model-listbox';

type ModelPopoverProps = {
  anchor: RefObject<HTMLButtonElement | null>;
  models: UseModelsResult;
  value: string | null;
  onChoose: (ref: string) => void;
  onClose: () => void;
};

/** The list of the model picker. Open while mounted. Default export, because it is lazy-loaded. */
export default function ModelPopover({
  anchor,
  models,
  value,
  onChoose,
  onClose,
}: ModelPopoverProps) {
  const { problems, error } = models;
  return (
    <Popover open onOpenChange={(open) => !open && onClose()}>
      <PopoverAnchor virtualRef={anchor as RefObject<HTMLButtonElement>} />
      <PopoverContent
        align="end"
        aria-label="Choose a model"
        className="flex w-80 flex-col p-0"
        onInteractOutside={(event) => {
          // The button toggles the popover itself; closing here too would reopen it.
          if (anchor.current?.contains(event.target as Node)) event.preventDefault();
        }}
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          anchor.current?.focus();
        }}
      >
        {models.models.length > 0 ? (
          <ModelListbox
            models={models.models}
            value={value}
            onChoose={(ref) => {
              onChoose(ref);
              onClose();
            }}
          />
        ) : (
          !error && problems.length === 0 && <NoModelsHelp />
        )}
        {(error || problems.length > 0) && (
          <div className="grid gap-2 border-t p-3 text-sm first:border-t-0">
            {error && <p>{error.message}</p>}
            {problems.map((problem) => (
              <p key={problem.endpoint} className="[overflow-wrap:anywhere]">
                <span className="font-medium">{problem.endpoint}:</span>{' '}
                <span className="text-muted-foreground">{problem.error.message}</span>
              </p>
            ))}
            <Button
              variant="outline"
              size="sm"
              className="justify-self-start"
              onClick={models.refresh}
              disabled={models.refreshing}
            >
              {models.refreshing && <Spinner label="" />}
              Try again
            </Button>
          </div>
        )}
      </PopoverContent>
    </Popover>
  );
}

function NoModelsHelp() {
  return (
    <div className="grid gap-1.5 p-3 text-sm">
      <p className="font-medium">No model is connected.</p>
      <p className="text-muted-foreground">
        Set <code className="text-foreground text-xs">OPENAI_BASE_URL</code> to the URL of an
        OpenAI-compatible endpoint, such as{' '}
        <code className="text-foreground text-xs">http://localhost:8000/v1</code>, and restart the
        server.
      </p>
    </div>
  );
}
