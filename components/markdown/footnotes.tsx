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

/** All referenced footnotes, each with its back-references. */
export function Footnotes() {
  const { footnotes, prefix } = use(ReferencesContext);
  if (footnotes.size === 0) return null;
  return (
    <section className="footnotes" aria-label="Notes">
      <ol>
        {[...footnotes.values()].map((footnote) => (
          <li
            key={footnote.number}
            id={footnoteId(prefix, footnote.number)}
            dir={directionOfNodes(footnote.node.children)}
          >
            <Blocks nodes={footnote.node.children} />
            <FootnoteBackReferences footnote={footnote} prefix={prefix} />
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
      // biome-ignore lint/suspicious/noArrayIndexKey: references never move
      key={index}
      href={`#${footnoteReferenceId(prefix, number, index + 1)}`}
      aria-label={
        referenceCount > 1
          ? `Back to reference ${index + 1} of note ${number}`
          : `Back to note ${number}`
      }
      className="footnote-backref"
    >
      ↩{index > 0 && <sup>{index + 1}</sup>}
    </a>
  ));
}
