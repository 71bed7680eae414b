'use client';

import { Check, X } from 'lucide-react';
import type { EditorState } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { useEffect, useRef } from 'react';
import { EditorFloatingCard } from '@/artifacts/text/editor/editor-floating-card';
import {
  type AnchoredSuggestion,
  anchoredSuggestions,
  applySuggestion,
  removeSuggestion,
  setOpenSuggestion,
} from '@/artifacts/text/editor/suggestions';
import { Button } from '@/components/ui/button';

type SuggestionCardProps = {
  view: EditorView;
  state: EditorState;
  anchored: AnchoredSuggestion;
  onDone: (status: 'applied' | 'dismissed') => void;
};

/** A change that the model proposes, to apply or dismiss. */
export function SuggestionCard({ view, state, anchored, onDone }: SuggestionCardProps) {
  const { suggestion, from, to } = anchored;
  const applyButton = useRef<HTMLButtonElement>(null);
  // Opened by keyboard from the toolbar, the editor has no focus: move it to the card.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs once per suggestion
  useEffect(() => {
    if (!view.hasFocus()) applyButton.current?.focus({ preventScroll: true });
  }, [suggestion.id]);

  function close() {
    view.dispatch(setOpenSuggestion(view.state, null));
    view.focus();
  }
  function resolve(status: 'applied' | 'dismissed', byKeyboard: boolean) {
    const all = anchoredSuggestions(view.state);
    const index = all.findIndex((each) => each.suggestion.id === suggestion.id);
    const next = all[index + 1] ?? all[index - 1];
    if (status === 'applied') view.dispatch(applySuggestion(view.state, anchored));
    view.dispatch(removeSuggestion(view.state, suggestion.id));
    onDone(status);
    if (!byKeyboard || !next) return close();
    view.dispatch(setOpenSuggestion(view.state, next.suggestion.id));
  }

  return (
    <EditorFloatingCard
      view={view}
      state={state}
      from={from}
      to={to}
      side="below"
      role="dialog"
      aria-label="Suggestion"
      className="w-88 p-3 leading-normal"
      onEscape={close}
    >
      {suggestion.description && (
        <p dir="auto" className="mb-2">
          {suggestion.description}
        </p>
      )}
      <div className="max-h-40 overflow-y-auto whitespace-pre-wrap text-[0.8125rem]">
        <del dir="auto" className="block text-muted-foreground">
          {suggestion.originalText}
        </del>
        <ins dir="auto" className="mt-1 block no-underline">
          {suggestion.suggestedText || '(nothing)'}
        </ins>
      </div>
      <div className="mt-3 flex gap-2">
        <Button
          ref={applyButton}
          size="sm"
          onClick={({ detail }) => resolve('applied', detail === 0)}
        >
          <Check /> Apply
        </Button>
        <Button
          variant="ghost"
          size="sm"
          onClick={({ detail }) => resolve('dismissed', detail === 0)}
        >
          <X /> Dismiss
        </Button>
      </div>
    </EditorFloatingCard>
  );
}
