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
  type BlockStyleName,
  currentBlockStyle,
  currentLink,
  currentList,
  hasMark,
  setBlockStyle,
  setList,
  toggleNamedMark,
} from '@/artifacts/text/editor/commands';
import { syncDomSelection } from '@/artifacts/text/editor/dom-selection';
import { EDITOR_SHORTCUTS } from '@/artifacts/text/editor/keymap';
import {
  anchoredSuggestions,
  findOpenSuggestion,
  setOpenSuggestion,
} from '@/artifacts/text/editor/suggestions';
import { TABLE_COMMANDS } from '@/artifacts/text/editor/table-commands';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/class-names';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu';
import { Tooltip } from '@/components/ui/tooltip';
import { formatCount } from '@/lib/shared/format-count';

const BLOCK_STYLE_LABELS: Record<BlockStyleName, string> = {
  paragraph: 'Text',
  heading1: 'Heading 1',
  heading2: 'Heading 2',
  heading3: 'Heading 3',
  quote: 'Quotation',
  code: 'Code block',
};

type ToolbarProps = { view: EditorView; state: EditorState; onLink: () => void };

/** The formatting toolbar. Arrow keys move between its buttons. */
export function Toolbar({ view, state, onLink }: ToolbarProps) {
  const run = (command: Command) => (byKeyboard: boolean) => {
    syncDomSelection(view);
    command(view.state, view.dispatch, view);
    if (!byKeyboard) view.focus();
  };
  const blockStyle = currentBlockStyle(state);
  const list = currentList(state);
  const suggestions = anchoredSuggestions(state);
  const renderTool = (
    name: keyof typeof EDITOR_SHORTCUTS,
    label: string,
    Icon: LucideIcon,
    act: (byKeyboard: boolean) => void,
    toolState: { pressed?: boolean; disabled?: boolean } = {},
  ) => <Tool label={label} keys={EDITOR_SHORTCUTS[name]} Icon={Icon} onAct={act} {...toolState} />;

  return (
    <div
      role="toolbar"
      aria-label="Formatting"
      aria-orientation="horizontal"
      onKeyDown={(event) => (event.key === 'Escape' ? leaveToolbar(event, view) : moveFocus(event))}
      className="flex items-center gap-0.5 overflow-x-auto border-b px-3 py-1 [scrollbar-width:none]"
    >
      <Menu
        isFirst
        label="Style"
        displayedValue={blockStyle ? BLOCK_STYLE_LABELS[blockStyle] : 'Style'}
        className="w-27"
        items={Object.entries(BLOCK_STYLE_LABELS)}
        onChoose={(name) => run(setBlockStyle(name as BlockStyleName))(false)}
        view={view}
      />
      {renderTool('strong', 'Bold', Bold, run(toggleNamedMark('strong')), {
        pressed: hasMark(state, 'strong'),
      })}
      {renderTool('em', 'Italic', Italic, run(toggleNamedMark('em')), {
        pressed: hasMark(state, 'em'),
      })}
      {renderTool('code', 'Code', Code, run(toggleNamedMark('code')), {
        pressed: hasMark(state, 'code'),
      })}
      {renderTool('link', 'Link', Link, onLink, { pressed: currentLink(state) !== undefined })}
      <Divider />
      {renderTool('bullet', 'List', List, run(setList('bullet')), { pressed: list === 'bullet' })}
      {renderTool('ordered', 'Numbered list', ListOrdered, run(setList('ordered')), {
        pressed: list === 'ordered',
      })}
      {renderTool('task', 'Task list', ListChecks, run(setList('task')), {
        pressed: list === 'task',
      })}
      {isInTable(state) && (
        <Menu
          label="Table"
          displayedValue="Table"
          items={Object.keys(TABLE_COMMANDS).map((name) => [name, name])}
          onChoose={(name) => run(TABLE_COMMANDS[name] as Command)(false)}
          view={view}
        />
      )}
      <Divider />
      {renderTool('undo', 'Undo', Undo2, run(undo), { disabled: undoDepth(state) === 0 })}
      {renderTool('redo', 'Redo', Redo2, run(redo), { disabled: redoDepth(state) === 0 })}
      {suggestions.length > 0 && (
        <Button
          variant="ghost"
          size="sm"
          tabIndex={-1}
          // Sticky, so that it stays visible in a narrow panel.
          className="sticky right-0 ml-auto bg-card text-primary"
          aria-label={formatCount(suggestions.length, 'suggestion')}
          onClick={({ currentTarget, detail }) => {
            const open = findOpenSuggestion(state);
            const index = suggestions.findIndex(
              (each) => each.suggestion.id === open?.suggestion.id,
            );
            const next = suggestions[(index + 1) % suggestions.length];
            if (!next) return;
            // Opened by keyboard: without focus in the editor, the card takes the focus.
            if (detail === 0) currentTarget.focus();
            view.dispatch(setOpenSuggestion(view.state, next.suggestion.id));
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
  onAct: (byKeyboard: boolean) => void;
  pressed?: boolean;
  disabled?: boolean;
};

function Tool({ label, keys, Icon, onAct, pressed, disabled }: ToolProps) {
  return (
    <Tooltip label={label} keys={keys} side="bottom">
      <Button
        variant="ghost"
        size="icon-sm"
        tabIndex={-1}
        aria-label={label}
        aria-pressed={pressed}
        // Not `disabled`: a focused button would lose the focus.
        aria-disabled={disabled}
        className={cn('text-muted-foreground', pressed && 'bg-accent text-foreground')}
        onMouseDown={(event) => event.preventDefault()}
        onClick={({ detail }) => {
          if (!disabled) onAct(detail === 0);
        }}
      >
        <Icon />
      </Button>
    </Tooltip>
  );
}

type MenuProps = {
  label: string;
  displayedValue: string;
  items: (readonly [string, string])[];
  onChoose: (name: string) => void;
  view: EditorView;
  /** Whether it is the initial Tab stop of the toolbar. */
  isFirst?: boolean;
  className?: string;
};

function Menu({
  label,
  displayedValue,
  items,
  onChoose,
  view,
  isFirst = false,
  className,
}: MenuProps) {
  return (
    <DropdownMenu modal={false}>
      <DropdownMenuTrigger asChild>
        <Button
          variant="ghost"
          size="sm"
          tabIndex={isFirst ? 0 : -1}
          aria-label={`${label}: ${displayedValue}`}
          className={cn('justify-between px-2 text-muted-foreground', className)}
        >
          {displayedValue} <ChevronDown className="size-3.5" />
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

function leaveToolbar(event: KeyboardEvent, view: EditorView): void {
  event.stopPropagation();
  view.focus();
}

/** Roving tabindex: one Tab stop; arrow keys, Home and End move it. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('button')];
  const index = buttons.indexOf(event.target as HTMLElement);
  const steps: Record<string, number> = {
    ArrowLeft: index - 1,
    ArrowRight: index + 1,
    Home: 0,
    End: buttons.length - 1,
  };
  const to = steps[event.key];
  if (index === -1 || to === undefined) return;
  event.preventDefault();
  const next = buttons[(to + buttons.length) % buttons.length];
  for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
  next?.focus();
}
