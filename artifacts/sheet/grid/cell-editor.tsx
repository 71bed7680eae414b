import { type KeyboardEvent, useLayoutEffect, useRef } from 'react';
import type { Action, CellDraft } from '@/artifacts/sheet/editor-state';
import { ARROWS } from '@/artifacts/sheet/key-actions';
import { isComposing } from '@/lib/client/browser/is-composing';

type CellEditorProps = {
  draft: CellDraft;
  label: string;
  readOnly: boolean;
  width: number;
  dispatch: (action: Action) => void;
  /** Called when a key ends editing; the grid takes the focus. */
  onDone: () => void;
};

/** Edits a cell, or shows it in full if read-only. Grows over its neighbors with its content. */
export function CellEditor({ draft, label, readOnly, width, dispatch, onDone }: CellEditorProps) {
  const ref = useRef<HTMLTextAreaElement>(null);

  useLayoutEffect(() => {
    const textarea = ref.current;
    if (!textarea) return;
    // The focus moves during keydown, so that the key that opened the editor is typed into it.
    textarea.focus({ preventScroll: true });
    textarea.setSelectionRange(textarea.value.length, textarea.value.length);
  }, []);

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    // Keys belong to the input method while it composes.
    if (isComposing(event)) return;
    const action = editActionFor(event);
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    dispatch(action);
    if (action.type !== 'draft') onDone();
  }

  function editActionFor(event: KeyboardEvent<HTMLTextAreaElement>): Action | null {
    const { key, shiftKey, altKey, ctrlKey } = event;
    if (key === 'Escape') return { type: 'cancel' };
    if (key === 'Tab') return { type: 'commit', to: shiftKey ? 'previous' : 'next' };
    if (key === 'F2') return { type: 'commit', to: { rows: 0, columns: 0 } };
    if (key === 'Enter' && (altKey || ctrlKey)) {
      if (readOnly) return null;
      const area = event.currentTarget;
      area.setRangeText('\n', area.selectionStart, area.selectionEnd, 'end');
      return { type: 'draft', text: area.value };
    }
    if (key === 'Enter') return { type: 'commit', to: { rows: shiftKey ? -1 : 1, columns: 0 } };
    const arrow = draft.startedByTyping && !shiftKey && !altKey && !ctrlKey && ARROWS[key];
    return arrow ? { type: 'commit', to: arrow } : null;
  }

  return (
    <textarea
      ref={ref}
      aria-label={label}
      dir="auto"
      value={draft.text}
      readOnly={readOnly}
      rows={1}
      spellCheck={false}
      autoComplete="off"
      onChange={(event) => dispatch({ type: 'draft', text: event.target.value })}
      onKeyDown={onKeyDown}
      onBlur={() => dispatch({ type: 'commit', to: { rows: 0, columns: 0 } })}
      className="field-sizing-content max-h-48 max-w-[min(28rem,80vw)] resize-none overflow-auto rounded-xs bg-field px-2.5 py-1.5 text-sm leading-5 shadow-popover outline-2 outline-ring [overflow-wrap:anywhere] focus-visible:outline-offset-0 pointer-coarse:text-base"
      style={{ minWidth: width, minHeight: 32 }}
    />
  );
}
