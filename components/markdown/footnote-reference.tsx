'use client';

/** Footnote references: links from a text to its footnotes. */
import { createContext, use } from 'react';
import type { Node } from '@/lib/client/markdown/join-segments';
import { NO_REFERENCES, type References } from '@/lib/client/markdown/references';

type TextReferences = References & {
  /** Prefix of all ids of this text, unique on the page. */
  prefix: string;
};

export const ReferencesContext = createContext<TextReferences>({ ...NO_REFERENCES, prefix: '' });

export const footnoteId = (prefix: string, number: number) => `${prefix}footnote-${number}`;
export const footnoteReferenceId = (prefix: string, number: number, referenceNumber: number) =>
  `${prefix}footnote-ref-${number}-${referenceNumber}`;

/** A footnote reference; plain text until its footnote has arrived. */
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
