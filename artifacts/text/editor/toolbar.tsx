'use client';

import {
  Bold,
  ChevronDown,
  Code,
  Italic,
  Link,
  List,
  ListChecks,
  ListOrdered,
  type LucideIcon,
  MessageSquareDiff,
  Redo2,
  Undo2,
} from 'lucide-react';
import { redo, redoDepth, undo, undoDepth } from 'prosemirror-history';
import type { Command, EditorState } from 'prosemirror-state';
import { isInTable } from 'prosemirror-tables';
import type { EditorView } from 'prosemirror-view';
import type { KeyboardEvent } from 'react';
import {
  hasMark,
  linkAt,
  listAt,
  type StyleName,
  setList,
  setStyle,
  styleAt,
  toggle,
} from '@/artifacts/text/editor/commands';
import { adoptDomSelection } from '@/artifacts/text/editor/dom-selection';
import { KEYS } from '@/artifacts/text/editor/keys';
import { openSuggestion, placedSuggestions, withOpen } from '@/artifacts/text/editor/suggestions';
import { TABLE_COMMANDS } from '@/artifacts/text/editor/table-commands';
import { Button } from '@/components/ui/button';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu';
import { Tooltip } from '@/components/ui/tooltip';
import { cn } from '@/lib/client/utils';

const STYLES: Record<StyleName, string> = {
  paragraph: 'Text',
  heading1: 'Heading 1',
  heading2: 'Heading 2',
  heading3: 'Heading 3',
  quote: 'Quotation',
  code: 'Code block',
};

type ToolbarProps = { view: EditorView; state: EditorState; onLink: () => void };

/** What can be done to the text, as few buttons as will do. Arrow keys go along it. */
export function Toolbar({ view, state, onLink }: ToolbarProps) {
  const run = (command: Command) => (byKeyboard: boolean) => {
    adoptDomSelection(view);
    command(view.state, view.dispatch, view);
    if (!byKeyboard) view.focus();
  };
  const style = styleAt(state);
  const list = listAt(state);
  const suggestions = placedSuggestions(state);
  const tool = (
    name: keyof typeof KEYS,
    label: string,
    Icon: LucideIcon,
    act: (byKeyboard: boolean) => void,
    more: { pressed?: boolean; disabled?: boolean } = {},
  ) => <Tool label={label} keys={KEYS[name]} Icon={Icon} act={act} {...more} />;

  return (
    <div
      role="toolbar"
      aria-label="Formatting"
      aria-orientation="horizontal"
      onKeyDown={(event) => (event.key === 'Escape' ? leave(event, view) : goAlong(event))}
      className="flex items-center gap-0.5 overflow-x-auto border-b px-3 py-1 [scrollbar-width:none]"
    >
      <Menu
        first
        label="Style"
        shown={style ? STYLES[style] : 'Style'}
        className="w-27"
        items={Object.entries(STYLES)}
        onChoose={(name) => run(setStyle(name as StyleName))(false)}
        view={view}
      />
      {tool('strong', 'Bold', Bold, run(toggle('strong')), { pressed: hasMark(state, 'strong') })}
      {tool('em', 'Italic', Italic, run(toggle('em')), { pressed: hasMark(state, 'em') })}
      {tool('code', 'Code', Code, run(toggle('code')), { pressed: hasMark(state, 'code') })}
      {tool('link', 'Link', Link, onLink, { pressed: linkAt(state) !== undefined })}
      <Divider />
      {tool('bullet', 'List', List, run(setList('bullet')), { pressed: list === 'bullet' })}
      {tool('ordered', 'Numbered list', ListOrdered, run(setList('ordered')), {
        pressed: list === 'ordered',
      })}
      {tool('task', 'Task list', ListChecks, run(setList('task')), { pressed: list === 'task' })}
      {isInTable(state) && (
        <Menu
          label="Table"
          shown="Table"
          items={Object.keys(TABLE_COMMANDS).map((name) => [name, name])}
          onChoose={(name) => run(TABLE_COMMANDS[name] as Command)(false)}
          view={view}
        />
      )}
      <Divider />
      {tool('undo', 'Undo', Undo2, run(undo), { disabled: undoDepth(state) === 0 })}
      {tool('redo', 'Redo', Redo2, run(redo), { disabled: redoDepth(state) === 0 })}
      {suggestions.length > 0 && (
        <Button
          variant="ghost"
          size="sm"
          tabIndex={-1}
          // In view, however narrow the panel is.
          className="sticky right-0 ml-auto bg-card text-primary"
          aria-label={`${suggestions.length} ${suggestions.length === 1 ? 'suggestion' : 'suggestions'}`}
          onClick={({ currentTarget, detail }) => {
            const open = openSuggestion(state);
            const index = suggestions.findIndex(
              (each) => each.suggestion.id === open?.suggestion.id,
            );
            const next = suggestions[(index + 1) % suggestions.length];
            if (!next) return;
            // By the keyboard, the way goes on in the card.
            if (detail === 0) currentTarget.focus();
            view.dispatch(withOpen(view.state, next.suggestion.id));
            view.domAtPos(next.from).node.parentElement?.scrollIntoView({ block: 'center' });
          }}
        >
          <MessageSquareDiff /> {suggestions.length}
        </Button>
      )}
    </div>
  );
}

type ToolProps = {
  label: string;
  keys: string;
  Icon: LucideIcon;
  act: (byKeyboard: boolean) => void;
  pressed?: boolean;
  disabled?: boolean;
};

function Tool({ label, keys, Icon, act, pressed, disabled }: ToolProps) {
  return (
    <Tooltip label={label} keys={keys} side="bottom">
      <Button
        variant="ghost"
        size="icon-sm"
        tabIndex={-1}
        aria-label={label}
        aria-pressed={pressed}
        // Not `disabled`: a button that has the focus must not lose it.
        aria-disabled={disabled}
        className={cn('text-muted-foreground', pressed && 'bg-accent text-foreground')}
        onMouseDown={(event) => event.preventDefault()}
        onClick={({ detail }) => {
          if (!disabled) act(detail === 0);
        }}
      >
        <Icon />
      </Button>
    </Tooltip>
  );
}

type MenuProps = {
  label: string;
  shown: string;
  items: (readonly [string, string])[];
  onChoose: (name: string) => void;
  view: EditorView;
  /** Whether the tabulator key comes to it. */
  first?: boolean;
  className?: string;
};

function Menu({ label, shown, items, onChoose, view, first = false, className }: MenuProps) {
  return (
    <DropdownMenu modal={false}>
      <DropdownMenuTrigger asChild>
        <Button
          variant="ghost"
          size="sm"
          tabIndex={first ? 0 : -1}
          aria-label={`${label}: ${shown}`}
          className={cn('justify-between px-2 text-muted-foreground', className)}
        >
          {shown} <ChevronDown className="size-3.5" />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent
        align="start"
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          view.focus();
        }}
      >
        {items.map(([name, text]) => (
          <DropdownMenuItem key={name} onSelect={() => onChoose(name)}>
            {text}
          </DropdownMenuItem>
        ))}
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

function Divider() {
  return <span aria-hidden="true" className="mx-1 h-4 w-px shrink-0 bg-border" />;
}

function leave(event: KeyboardEvent, view: EditorView): void {
  event.stopPropagation();
  view.focus();
}

/** One stop for the tabulator key; arrows, Home and End go along, and the place is remembered. */
function goAlong(event: KeyboardEvent<HTMLElement>): void {
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('button')];
  const at = buttons.indexOf(event.target as HTMLElement);
  const steps: Record<string, number> = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    Home: 0,
    End: buttons.length - 1,
  };
  const to = steps[event.key];
  if (at === -1 || to === undefined) return;
  event.preventDefault();
  const next = buttons[(to + buttons.length) % buttons.length];
  for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
  next?.focus();
}
