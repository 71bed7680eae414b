'use client';

/** The marks in a text that lead to its notes. */
import { createContext, use } from 'react';
import { NO_REFERENCES, type References } from '@/lib/client/markdown/references';
import type { Node } from '@/lib/client/markdown/tree';

type TextReferences = References & {
  /** What all ids of this text begin with: no other text of the page has it. */
  prefix: string;
};

export const ReferencesContext = createContext<TextReferences>({ ...NO_REFERENCES, prefix: '' });

export const noteId = (prefix: string, number: number) => `${prefix}note-${number}`;
export const markId = (prefix: string, number: number, mark: number) =>
  `${prefix}mark-${number}-${mark}`;

/** A mark in the text; while its note has not come it leads nowhere. */
export function NoteMark({ node }: { node: Extract<Node, { type: 'footnoteReference' }> }) {
  const { notes, marks, prefix } = use(ReferencesContext);
  const note = notes.get(node.identifier);
  const mark = marks.get(node);
  if (!note || !mark) return <sup>{node.label ?? node.identifier}</sup>;
  return (
    <sup>
      <a
        id={markId(prefix, note.number, mark)}
        href={`#${noteId(prefix, note.number)}`}
        aria-label={`Note ${note.number}`}
      >
        {note.number}
      </a>
    </sup>
  );
}
