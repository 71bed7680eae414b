'use client';

import { Search } from 'lucide-react';
import {
  type KeyboardEvent,
  useCallback,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import { cn } from '@/components/ui/class-names';
import { Dialog, DialogContent, DialogTitle } from '@/components/ui/dialog';
import { Kbd } from '@/components/ui/kbd';
import { isComposing } from '@/lib/client/browser/is-composing';
import { isApplePlatform, matchesShortcut } from '@/lib/client/browser/shortcuts';
import { getUserSettings } from '@/lib/client/settings/settings-store';
import { keysOf, useShortcutKeys } from '@/lib/client/settings/shortcut-keys';
import { closeDialog, type ShellDialog } from '@/lib/client/shell/open-dialog';
import { matchItems, type PaletteItem } from './palette-items';
import { usePaletteItems } from './use-palette-items';

type Mode = Extract<ShellDialog, { name: 'command-palette' }>['mode'];

type CommandPaletteProps = { initialMode: Mode; onRestoreFocus: () => void };

/** Open while mounted. Default export, because it is lazy-loaded. */
export default function CommandPalette({ initialMode, onRestoreFocus }: CommandPaletteProps) {
  const [mode, setMode] = useState(initialMode);
  const [query, setQuery] = useState('');
  /** The active item; the first one if it is not in the list. */
  const [activeId, setActiveId] = useState<string | null>(null);
  /** What runs after the palette has closed: an action may move the focus or open a dialog. */
  const chosen = useRef<PaletteItem | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();

  const showModels = useCallback(() => {
    setMode('models');
    setQuery('');
    setActiveId(null);
  }, []);
  const items = usePaletteItems(query, showModels);
  const sections = useMemo(() => {
    const offered = mode === 'models' ? items.filter(({ group }) => group === 'Models') : items;
    // Without a query the models are listed only where they were asked for.
    if (mode === 'models' && query.trim() === '')
      return offered.length > 0 ? [{ group: 'Models' as const, items: offered }] : [];
    return matchItems(offered, query);
  }, [items, mode, query]);
  const visible = sections.flatMap((section) => section.items);
  const activeIndex = Math.max(
    0,
    visible.findIndex((item) => item.id === activeId),
  );
  const active = visible[activeIndex];

  useEffect(() => {
    if (active)
      list.current?.querySelector('[data-highlighted]')?.scrollIntoView({ block: 'nearest' });
  }, [active]);

  function choose(item: PaletteItem) {
    if (item.keepsOpen) return item.run();
    chosen.current = item;
    closeDialog();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (isComposing(event)) return;
    const keys = keysOf(getUserSettings().shortcuts, 'commandPalette');
    const last = visible.length - 1;
    const targets: Partial<Record<string, number>> = {
      ArrowDown: activeIndex === last ? 0 : activeIndex + 1,
      ArrowUp: activeIndex === 0 ? last : activeIndex - 1,
      PageDown: Math.min(last, activeIndex + 8),
      PageUp: Math.max(0, activeIndex - 8),
    };
    const target = targets[event.key];
    if (target !== undefined) setActiveId(visible[target]?.id ?? null);
    else if (event.key === 'Enter' && active) choose(active);
    else if (event.key === 'Backspace' && query === '' && mode === 'models') setMode('all');
    else if (matchesShortcut(keys, event.nativeEvent, isApplePlatform())) closeDialog();
    else return;
    event.preventDefault();
  }

  const optionId = (item: PaletteItem) => `${id}-${item.id}`;
  return (
    <Dialog open onOpenChange={(open) => !open && closeDialog()}>
      <DialogContent
        aria-describedby={undefined}
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          onRestoreFocus();
          chosen.current?.run();
        }}
        className="top-[12dvh] max-h-[min(30rem,76dvh)] max-w-xl translate-y-0 grid-rows-[auto_minmax(0,1fr)_auto] gap-0 overflow-hidden p-0"
      >
        <DialogTitle className="sr-only">Command palette</DialogTitle>
        <div className="flex shrink-0 items-center gap-2.5 border-b pr-12 pl-4">
          <Search aria-hidden="true" className="size-4 shrink-0 text-muted-foreground" />
          <input
            role="combobox"
            aria-label={mode === 'models' ? 'Switch model' : 'Search chats, actions and models'}
            aria-expanded="true"
            aria-controls={id}
            aria-activedescendant={active && optionId(active)}
            aria-autocomplete="list"
            placeholder={mode === 'models' ? 'Switch model …' : 'Search chats, actions and models'}
            autoComplete="off"
            autoCorrect="off"
            spellCheck={false}
            dir="auto"
            value={query}
            onChange={(event) => {
              setQuery(event.target.value);
              setActiveId(null);
            }}
            onKeyDown={onKeyDown}
            className="h-13 min-w-0 flex-1 bg-transparent text-[0.9375rem] outline-none placeholder:text-muted-foreground pointer-coarse:text-base"
          />
        </div>
        <div
          ref={list}
          id={id}
          role="listbox"
          aria-label="Results"
          className="min-h-0 flex-1 overflow-y-auto overscroll-contain p-1.5"
        >
          {sections.map(({ group, items: found }) => (
            // biome-ignore lint/a11y/useSemanticElements: a listbox must not contain a fieldset.
            <div key={group} role="group" aria-label={group}>
              <div
                aria-hidden="true"
                className="px-2.5 pt-2 pb-1 font-medium text-muted-foreground text-xs"
              >
                {group}
              </div>
              {found.map((item) => (
                <Option
                  key={item.id}
                  id={optionId(item)}
                  item={item}
                  active={item === active}
                  onActivate={() => setActiveId(item.id)}
                  onChoose={() => choose(item)}
                />
              ))}
            </div>
          ))}
        </div>
        {visible.length === 0 && (
          <p role="status" className="px-4 pb-8 text-center text-muted-foreground text-sm">
            {query === '' ? 'No model is available.' : `Nothing matches “${query}”.`}
          </p>
        )}
      </DialogContent>
    </Dialog>
  );
}

type OptionProps = {
  id: string;
  item: PaletteItem;
  active: boolean;
  onActivate: () => void;
  onChoose: () => void;
};

function Option({ id, item, active, onActivate, onChoose }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field's key handler chooses.
    // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus (activedescendant).
    <div
      id={id}
      role="option"
      aria-selected={active}
      data-highlighted={active || undefined}
      onPointerMove={active ? undefined : onActivate}
      onClick={onChoose}
      className={cn(
        'flex min-h-9 cursor-default select-none items-center gap-2.5 rounded-md px-2.5 py-1 text-sm pointer-coarse:min-h-11',
        '[&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted-foreground',
        active && 'bg-accent text-accent-foreground',
      )}
    >
      {item.icon}
      <span dir="auto" className="min-w-0 flex-1 truncate">
        {item.label}
      </span>
      {item.detail && (
        <span className="max-w-40 shrink-0 truncate text-muted-foreground text-xs">
          {item.detail}
        </span>
      )}
      {item.shortcut && <ShortcutHint action={item.shortcut} />}
    </div>
  );
}

function ShortcutHint({ action }: { action: NonNullable<PaletteItem['shortcut']> }) {
  const keys = useShortcutKeys(action);
  return keys && <Kbd keys={keys} className="pointer-coarse:hidden" />;
}
