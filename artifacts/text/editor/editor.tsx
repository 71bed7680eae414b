'use client';

import './editor.css';
import type { EditorState } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { sliceToMarkdown } from '@/artifacts/text/editor/clipboard';
import { hasVisibleContent } from '@/artifacts/text/editor/commands';
import { createEditorView } from '@/artifacts/text/editor/create-view';
import { docToMarkdown } from '@/artifacts/text/editor/doc-to-markdown';
import { LinkCard } from '@/artifacts/text/editor/link-card';
import { markdownToDocAsync, type ParsedDoc } from '@/artifacts/text/editor/markdown-to-doc';
import { OrphanedSuggestions } from '@/artifacts/text/editor/orphaned-suggestions';
import { SelectionBubble } from '@/artifacts/text/editor/selection-bubble';
import { SuggestionCard } from '@/artifacts/text/editor/suggestion-card';
import { findOpenSuggestion, setSuggestions } from '@/artifacts/text/editor/suggestions';
import { Toolbar } from '@/artifacts/text/editor/toolbar';
import type { ArtifactViewProps } from '@/artifacts/view-props';
import { cn } from '@/components/ui/class-names';

export type TextEditorProps = ArtifactViewProps & {
  /** The parsed content. */
  parsed: ParsedDoc;
  /** The container of the toolbar, outside the scrolling area. */
  toolbarContainer: HTMLElement;
  /** Called after the first layout, before the first paint. */
  onReady: () => void;
};

export { markdownToDocAsync };

/** Larger documents (in ProseMirror positions) render only the blocks in view at each keystroke. */
const LONG_DOC_SIZE = 20_000;

/** The rich text editor. */
export function TextEditor(props: TextEditorProps) {
  const { parsed, title, suggestions, toolbarContainer, onReady } = props;
  const latestProps = useRef(props);
  useEffect(() => {
    latestProps.current = props;
  });
  const container = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<EditorView>();
  const [state, setState] = useState<EditorState>();
  const [isEditingLink, setIsEditingLink] = useState(false);
  const [focused, setFocused] = useState(false);
  const [skipsOffscreen, setSkipsOffscreen] = useState(false);
  const label = title ? `Text of ${title}` : 'Text';

  // biome-ignore lint/correctness/useExhaustiveDependencies: created once; a new title needs no new editor
  useLayoutEffect(() => {
    const created = createEditorView(container.current as HTMLDivElement, {
      doc: parsed.doc,
      label,
      openLinkEditor: () => {
        setIsEditingLink(true);
        return true;
      },
      askForChange: (state, dispatch) => {
        if (!hasVisibleContent(state)) return false;
        if (dispatch)
          latestProps.current.onAskForChange(sliceToMarkdown(state.selection.content()));
        return true;
      },
      focusToolbar: () => {
        toolbarContainer.querySelector<HTMLElement>('[role=toolbar] [tabindex="0"]')?.focus();
        return true;
      },
      onChange(next, edited) {
        setState(next);
        if (!edited) return;
        latestProps.current.onEdit(() => docToMarkdown(created.state.doc, parsed.source));
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
    if (!view || view.state.doc.content.size < LONG_DOC_SIZE) return;
    // The first frame lays out all blocks; from the second one their sizes are known.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => setSkipsOffscreen(true));
    });
    return () => cancelAnimationFrame(frame);
  }, [view]);

  useEffect(() => {
    if (view) view.dispatch(setSuggestions(view.state, suggestions));
  }, [view, suggestions]);

  const openedSuggestion = state && findOpenSuggestion(state);
  const ready = view && state;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only tracks the focus
    <div
      className={cn('markdown text-editor relative', skipsOffscreen && 'skips-offscreen')}
      onFocus={() => setFocused(true)}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) setFocused(false);
      }}
    >
      <div ref={container} />
      {ready && isEditingLink && (
        <LinkCard view={view} state={state} onClose={() => setIsEditingLink(false)} />
      )}
      {ready && openedSuggestion && !isEditingLink && (
        <SuggestionCard
          view={view}
          state={state}
          anchored={openedSuggestion}
          onDone={(outcome) =>
            latestProps.current.onResolveSuggestion(openedSuggestion.suggestion.id, outcome)
          }
        />
      )}
      {ready && focused && !openedSuggestion && !isEditingLink && (
        <SelectionBubble
          view={view}
          state={state}
          onAsk={() =>
            latestProps.current.onAskForChange(sliceToMarkdown(state.selection.content()))
          }
        />
      )}
      {ready &&
        createPortal(
          <>
            <Toolbar view={view} state={state} onLink={() => setIsEditingLink(true)} />
            <OrphanedSuggestions
              state={state}
              onDismiss={(id) => latestProps.current.onResolveSuggestion(id, 'dismissed')}
            />
          </>,
          toolbarContainer,
        )}
    </div>
  );
}
