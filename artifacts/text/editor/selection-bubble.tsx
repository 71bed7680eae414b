'use client';

import { type EditorState, TextSelection } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { AskForChange } from '@/artifacts/ask-for-change';
import { hasWords } from '@/artifacts/text/editor/commands';
import { FloatingAt } from '@/artifacts/text/editor/floating-at';
import { bubbleSide } from '@/artifacts/text/selected-text';

type SelectionBubbleProps = { view: EditorView; state: EditorState; onAsk: () => void };

/** What can be done with the selected text beyond formatting it. */
export function SelectionBubble({ view, state, onAsk }: SelectionBubbleProps) {
  const { selection } = state;
  if (!(selection instanceof TextSelection) || !hasWords(state)) return null;
  const { from, to } = selection;
  return (
    <FloatingAt view={view} state={state} from={from} to={to} side={bubbleSide()}>
      <AskForChange onAsk={onAsk} />
    </FloatingAt>
  );
}
