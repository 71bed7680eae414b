'use client';

import { use } from 'react';
import {
  footnoteId,
  footnoteReferenceId,
  ReferencesContext,
} from '@/components/markdown/footnote-reference';
import { Blocks } from '@/components/markdown/markdown-nodes';
import { directionOfNodes } from '@/lib/client/markdown/direction';
import type { Footnote } from '@/lib/client/markdown/references';

/** All notes that are referred to, each with its ways back. */
export function Footnotes() {
  const { footnotes, prefix } = use(ReferencesContext);
  if (footnotes.size === 0) return null;
  return (
    <section className="footnotes" aria-label="Notes">
      <ol>
        {[...footnotes.values()].map((note) => (
          <li
            key={note.number}
            id={footnoteId(prefix, note.number)}
            dir={directionOfNodes(note.node.children)}
          >
            <Blocks nodes={note.node.children} />
            <FootnoteBackReferences footnote={note} prefix={prefix} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function FootnoteBackReferences({
  footnote: { number, referenceCount },
  prefix,
}: {
  footnote: Footnote;
  prefix: string;
}) {
  return Array.from({ length: referenceCount }, (_, index) => (
    <a
      // biome-ignore lint/suspicious/noArrayIndexKey: marks never move
      key={index}
      href={`#${footnoteReferenceId(prefix, number, index + 1)}`}
      aria-label={
        referenceCount > 1
          ? `Back to mark ${index + 1} of note ${number}`
          : `Back to note ${number}`
      }
      className="way-back"
    >
      ↩{index > 0 && <sup>{index + 1}</sup>}
    </a>
  ));
}
