'use client';

import type { EditorState } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { type ComponentProps, useCallback } from 'react';
import { FloatingCard } from '@/artifacts/text/floating-card';

type EditorFloatingCardProps = Omit<ComponentProps<typeof FloatingCard>, 'anchor'> & {
  view: EditorView;
  /** The card is repositioned when the state changes. */
  state: EditorState;
  from: number;
  to: number;
};

/** A card at a range of the editor's document. */
export function EditorFloatingCard({ view, state, from, to, ...rest }: EditorFloatingCardProps) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new state may move the range
  const anchor = useCallback(() => {
    if (to > view.state.doc.content.size) return null;
    return { start: view.coordsAtPos(from), end: view.coordsAtPos(to, -1) };
  }, [view, state, from, to]);
  return <FloatingCard anchor={anchor} {...rest} />;
}
