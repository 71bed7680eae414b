'use client';

import type { EditorState } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { type ComponentProps, useCallback } from 'react';
import { Floating } from '@/artifacts/text/floating';

type FloatingAtProps = Omit<ComponentProps<typeof Floating>, 'anchor'> & {
  view: EditorView;
  /** It follows when this changes. */
  state: EditorState;
  from: number;
  to: number;
};

/** A card at a place in the editor. */
export function FloatingAt({ view, state, from, to, ...rest }: FloatingAtProps) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the text moves its places
  const anchor = useCallback(() => {
    if (to > view.state.doc.content.size) return null;
    return { start: view.coordsAtPos(from), end: view.coordsAtPos(to, -1) };
  }, [view, state, from, to]);
  return <Floating anchor={anchor} {...rest} />;
}
