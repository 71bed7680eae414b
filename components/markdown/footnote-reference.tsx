'use client';

/** The marks in a text that lead to its notes. */
import { createContext, use } from 'react';
import type { Node } from '@/lib/client/markdown/join-segments';
import { NO_REFERENCES, type References } from '@/lib/client/markdown/references';

type TextReferences = References & {
  /** What all ids of this text begin with: no other text of the page has it. */
  prefix: string;
};

export const ReferencesContext = createContext<TextReferences>({ ...NO_REFERENCES, prefix: '' });

export const footnoteId = (prefix: string, number: number) => `${prefix}note-${number}`;
export const footnoteReferenceId = (prefix: string, number: number, referenceNumber: number) =>
  `${prefix}mark-${number}-${referenceNumber}`;

/** A mark in the text; while its note has not come it leads nowhere. */
export function FootnoteReference({
  node,
}: {
  node: Extract<Node, { type: 'footnoteReference' }>;
}) {
  const { footnotes, footnoteReferenceNumbers, prefix } = use(ReferencesContext);
  const footnote = footnotes.get(node.identifier);
  const referenceNumber = footnoteReferenceNumbers.get(node);
  if (!footnote || !referenceNumber) return <sup>{node.label ?? node.identifier}</sup>;
  return (
    <sup>
      <a
        id={footnoteReferenceId(prefix, footnote.number, referenceNumber)}
        href={`#${footnoteId(prefix, footnote.number)}`}
        aria-label={`Note ${footnote.number}`}
      >
        {footnote.number}
      </a>
    </sup>
  );
}
