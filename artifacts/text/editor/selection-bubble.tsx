'use client';

import { Sparkles } from 'lucide-react';
import { type EditorState, TextSelection } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { Floating } from '@/artifacts/text/editor/floating';
import { Button } from '@/components/ui/button';
import { Kbd } from '@/components/ui/kbd';

type SelectionBubbleProps = { view: EditorView; state: EditorState; onAsk: () => void };

/** What can be done with the selected text beyond formatting it. */
export function SelectionBubble({ view, state, onAsk }: SelectionBubbleProps) {
  const { selection } = state;
  if (selection.empty || !(selection instanceof TextSelection)) return null;
  return (
    <Floating view={view} state={state} from={selection.from} to={selection.to} side="above">
      <Button
        variant="ghost"
        size="sm"
        onMouseDown={(event) => event.preventDefault()}
        onClick={onAsk}
      >
        <Sparkles /> Ask for a change <Kbd keys="Alt+Enter" className="max-sm:hidden" />
      </Button>
    </Floating>
  );
}
