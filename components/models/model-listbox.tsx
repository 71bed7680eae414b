'use client';

import { Check, Search } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { cn } from '@/components/ui/class-names';
import { isComposing } from '@/lib/client/browser/is-composing';
import { groupModels } from '@/lib/client/models/model-groups';
import type { ModelInfo } from '@/lib/protocol/api';
import { DemoBadge } from './demo-badge';

/** The list has a search field if it has more models than this. */
const SEARCH_THRESHOLD = 8;

type ModelListboxProps = {
  models: ModelInfo[];
  value: string | null;
  onChoose: (ref: string) => void;
};

/**
 * The models, grouped by endpoint. The focus stays on the search field, or on the list without one;
 * the arrow keys move the active option.
 */
export function ModelListbox({ models, value, onChoose }: ModelListboxProps) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState('');
  const [activeRef, setActiveRef] = useState(value);
  const groups = useMemo(() => groupModels(models, query), [models, query]);
  const visibleModels = groups.flatMap((group) => group.models);
  const active = visibleModels.find((model) => model.ref === activeRef) ?? visibleModels[0];
  const optionId = (model: ModelInfo) => `${id}-${models.indexOf(model)}`;
  const activeId = active && optionId(active);

  useEffect(() => {
    if (activeId) document.getElementById(activeId)?.scrollIntoView({ block: 'nearest' });
  }, [activeId]);

  function onKeyDown(event: KeyboardEvent) {
    if (isComposing(event) || !active) return;
    const activeIndex = visibleModels.indexOf(active);
    const last = visibleModels.length - 1;
    const targets: Record<string, number> = {
      ArrowDown: activeIndex === last ? 0 : activeIndex + 1,
      ArrowUp: activeIndex === 0 ? last : activeIndex - 1,
      Home: 0,
      End: last,
    };
    const target = targets[event.key];
    if (target !== undefined) setActiveRef(visibleModels[target]?.ref ?? null);
    else if (event.key === 'Enter') onChoose(active.ref);
    else return;
    event.preventDefault();
  }

  const searchable = models.length > SEARCH_THRESHOLD;
  return (
    <>
      {searchable && (
        <div className="flex items-center gap-2 border-b px-3">
          <Search aria-hidden="true" className="size-4 shrink-0 text-muted-foreground" />
          <input
            role="combobox"
            aria-label="Search models"
            aria-expanded="true"
            aria-controls={id}
            aria-activedescendant={activeId}
            placeholder="Search models"
            autoComplete="off"
            value={query}
            onChange={(event) => setQuery(event.target.value)}
            onKeyDown={onKeyDown}
            className="h-10 min-w-0 flex-1 pointer-coarse:h-11 bg-transparent text-sm outline-none placeholder:text-muted-foreground pointer-coarse:text-base"
          />
        </div>
      )}
      <div
        ref={list}
        id={id}
        role="listbox"
        aria-label="Models"
        tabIndex={searchable ? -1 : 0}
        aria-activedescendant={searchable ? undefined : activeId}
        onKeyDown={searchable ? undefined : onKeyDown}
        className="max-h-[min(22rem,60dvh)] min-h-0 overflow-y-auto overscroll-contain p-1 outline-none"
      >
        {groups.map((group) => (
          // biome-ignore lint/a11y/useSemanticElements: a listbox must not contain a fieldset.
          <div key={group.endpoint} role="group" aria-label={group.endpoint}>
            <div className="px-2 pt-2 pb-1 font-medium text-muted-foreground text-xs">
              {group.endpoint}
            </div>
            {group.models.map((model) => (
              <Option
                key={model.ref}
                id={optionId(model)}
                model={model}
                selected={model.ref === value}
                active={model === active}
                onActivate={() => setActiveRef(model.ref)}
                onChoose={() => onChoose(model.ref)}
              />
            ))}
          </div>
        ))}
        {visibleModels.length === 0 && (
          <p className="px-2 py-4 text-center text-muted-foreground text-sm">
            No model matches “{query}”.
          </p>
        )}
      </div>
    </>
  );
}

type OptionProps = {
  id: string;
  model: ModelInfo;
  selected: boolean;
  active: boolean;
  onActivate: () => void;
  onChoose: () => void;
};

function Option({ id, model, selected, active, onActivate, onChoose }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list's key handler selects.
    // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus (activedescendant).
    <div
      id={id}
      role="option"
      aria-selected={selected}
      data-highlighted={active || undefined}
      onPointerMove={onActivate}
      onClick={onChoose}
      className={cn(
        'flex cursor-default select-none items-center gap-2 rounded-md px-2 py-1.5 text-sm pointer-coarse:min-h-11',
        active && 'bg-accent text-accent-foreground',
      )}
    >
      <span className="grid min-w-0 flex-1">
        <span className="flex items-center gap-2">
          <span className="truncate">{model.name}</span>
          {model.demo && <DemoBadge />}
        </span>
        {model.demo && (
          <span className="text-muted-foreground text-xs">Scripted — no model is connected</span>
        )}
      </span>
      {selected && <Check aria-hidden="true" className="size-4 shrink-0 text-primary" />}
    </div>
  );
}
