'use client';

import { ChevronDown, TriangleAlert } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/class-names';
import { Skeleton } from '@/components/ui/skeleton';
import { useLazyComponent } from '@/lib/client/browser/use-lazy-component';
import { rememberModel, useModels } from '@/lib/client/models/use-models';
import { DemoBadge } from './demo-badge';

const loadPopover = () => import('./model-popover');

type ModelPickerProps = {
  /** A `ModelInfo.ref`, as `useModelRef` returns it. */
  value: string | null;
  /** The picker stores the choice for new chats; the caller stores it for this chat. */
  onChange: (ref: string) => void;
  disabled?: boolean;
};

/** Displays the selected model and lets the user choose another. The list is lazy-loaded. */
export function ModelPicker({ value, onChange, disabled }: ModelPickerProps) {
  const models = useModels();
  const [open, setOpen] = useState(false);
  const [ModelPopover, requestPopover] = useLazyComponent(loadPopover);
  const trigger = useRef<HTMLButtonElement>(null);
  const model = models.models.find((candidate) => candidate.ref === value);

  if (models.loading) {
    return (
      <div className="flex h-8 items-center px-2.5" role="status" aria-label="Loading the models">
        <Skeleton className="h-3.5 w-28" />
      </div>
    );
  }
  const name = model?.name ?? (models.error ? 'Models not loaded' : 'No model');
  return (
    <>
      <Button
        ref={trigger}
        variant="ghost"
        size="sm"
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={`Model: ${name}${model?.demo ? ' (demo)' : ''}`}
        disabled={disabled}
        onClick={() => {
          requestPopover(() => setOpen(false));
          setOpen(!open);
        }}
        onPointerEnter={() => requestPopover()}
        className={cn('min-w-0 max-w-40 shrink gap-1.5 sm:max-w-64', !model && 'text-warning-text')}
      >
        {!model && <TriangleAlert />}
        <span className="truncate">{name}</span>
        {model?.demo && <DemoBadge />}
        <ChevronDown className="size-3.5 text-muted-foreground" />
      </Button>
      {open && ModelPopover && (
        <ModelPopover
          anchor={trigger}
          models={models}
          value={value}
          onClose={() => setOpen(false)}
          onChoose={(ref) => {
            rememberModel(ref);
            if (ref !== value) onChange(ref);
          }}
        />
      )}
    </>
  );
}
