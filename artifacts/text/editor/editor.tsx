'use client';

import './editor.css';
import type { EditorState } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { markdownOf } from '@/artifacts/text/editor/clipboard';
import { hasWords } from '@/artifacts/text/editor/commands';
import { createView } from '@/artifacts/text/editor/create-view';
import { LinkCard } from '@/artifacts/text/editor/link-card';
import { LostSuggestions } from '@/artifacts/text/editor/lost-suggestions';
import { SelectionBubble } from '@/artifacts/text/editor/selection-bubble';
import { type Read, readMarkdownCalmly } from '@/artifacts/text/editor/source';
import { SuggestionCard } from '@/artifacts/text/editor/suggestion-card';
import { openSuggestion, withSuggestions } from '@/artifacts/text/editor/suggestions';
import { Toolbar } from '@/artifacts/text/editor/toolbar';
import { writeMarkdown } from '@/artifacts/text/editor/write-source';
import type { ViewProps } from '@/artifacts/view-props';
import { cn } from '@/lib/client/utils';

export type TextEditorProps = ViewProps & {
  /** The content, read. */
  read: Read;
  /** Where the toolbar goes: it does not scroll with the text. */
  bar: HTMLElement;
  /** All of it is laid out, and nothing is drawn yet. */
  onReady: () => void;
};

export { readMarkdownCalmly };

/** Of longer texts (characters and ends of nodes) only what is in view is drawn at each key. */
const LONG = 20_000;

/** A text, edited as it looks. */
export function TextEditor(props: TextEditorProps) {
  const { read, title, suggestions, bar, onReady } = props;
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  const place = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<EditorView>();
  const [state, setState] = useState<EditorState>();
  const [linking, setLinking] = useState(false);
  const [focused, setFocused] = useState(false);
  const [laidOut, setLaidOut] = useState(false);
  const label = title ? `Text of ${title}` : 'Text';

  // biome-ignore lint/correctness/useExhaustiveDependencies: made once; a title that changes makes no new editor
  useLayoutEffect(() => {
    const created = createView(place.current as HTMLDivElement, {
      doc: read.doc,
      label,
      askForLink: () => {
        setLinking(true);
        return true;
      },
      askForChange: (state, dispatch) => {
        if (!hasWords(state)) return false;
        if (dispatch) latest.current.onAskForChange(markdownOf(state.selection.content()));
        return true;
      },
      focusToolbar: () => {
        bar.querySelector<HTMLElement>('[role=toolbar] [tabindex="0"]')?.focus();
        return true;
      },
      onChange(next, edited) {
        setState(next);
        if (!edited) return;
        latest.current.onEdit(() => writeMarkdown(created.state.doc, read.source));
      },
    });
    setView(created);
    setState(created.state);
    return () => created.destroy();
  }, []);

  useLayoutEffect(() => {
    if (view) onReady();
  }, [view, onReady]);

  useEffect(() => {
    if (!view || view.state.doc.content.size < LONG) return;
    // The first frame lays it out, the second one knows.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => setLaidOut(true));
    });
    return () => cancelAnimationFrame(frame);
  }, [view]);

  useEffect(() => {
    if (view) view.dispatch(withSuggestions(view.state, suggestions));
  }, [view, suggestions]);

  const open = state && openSuggestion(state);
  const ready = view && state;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only watches where the focus is
    <div
      className={cn('markdown text-editor relative', laidOut && 'laid-out')}
      onFocus={() => setFocused(true)}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) setFocused(false);
      }}
    >
      <div ref={place} />
      {ready && linking && <LinkCard view={view} state={state} onClose={() => setLinking(false)} />}
      {ready && open && !linking && (
        <SuggestionCard
          view={view}
          state={state}
          placed={open}
          onDone={(outcome) => latest.current.onSuggestion(open.suggestion.id, outcome)}
        />
      )}
      {ready && focused && !open && !linking && (
        <SelectionBubble
          view={view}
          state={state}
          onAsk={() => latest.current.onAskForChange(markdownOf(state.selection.content()))}
        />
      )}
      {ready &&
        createPortal(
          <>
            <Toolbar view={view} state={state} onLink={() => setLinking(true)} />
            <LostSuggestions
              state={state}
              onDismiss={(id) => latest.current.onSuggestion(id, 'dismissed')}
            />
          </>,
          bar,
        )}
    </div>
  );
}
