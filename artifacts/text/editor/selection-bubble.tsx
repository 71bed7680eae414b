'use client';

import { type EditorState, TextSelection } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { AskForChangeButton } from '@/artifacts/ask-for-change-button';
import { hasVisibleContent } from '@/artifacts/text/editor/commands';
import { EditorFloatingCard } from '@/artifacts/text/editor/editor-floating-card';
import { selectionCardSide } from '@/artifacts/text/use-selected-range';

type SelectionBubbleProps = { view: EditorView; state: EditorState; onAsk: () => void };

/** Actions on the selected text other than formatting. */
export function SelectionBubble({ view, state, onAsk }: SelectionBubbleProps) {
  const { selection } = state;
  if (!(selection instanceof TextSelection) || !hasVisibleContent(state)) return null;
  const { from, to } = selection;
  return (
    <EditorFloatingCard view={view} state={state} from={from} to={to} side={selectionCardSide()}>
      <AskForChangeButton onAsk={onAsk} />
    </EditorFloatingCard>
  );
}
