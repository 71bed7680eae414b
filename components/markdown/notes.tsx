'use client';

import { use } from 'react';
import { markId, noteId, ReferencesContext } from '@/components/markdown/note-mark';
import { Blocks } from '@/components/markdown/prose';
import { directionOf } from '@/lib/client/markdown/direction';
import type { Note } from '@/lib/client/markdown/references';

/** All notes that are referred to, each with its ways back. */
export function Notes() {
  const { notes, prefix } = use(ReferencesContext);
  if (notes.size === 0) return null;
  return (
    <section className="footnotes" aria-label="Notes">
      <ol>
        {[...notes.values()].map((note) => (
          <li
            key={note.number}
            id={noteId(prefix, note.number)}
            dir={directionOf(note.node.children)}
          >
            <Blocks nodes={note.node.children} />
            <WaysBack note={note} prefix={prefix} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function WaysBack({ note: { number, marks }, prefix }: { note: Note; prefix: string }) {
  return Array.from({ length: marks }, (_, index) => (
    <a
      // biome-ignore lint/suspicious/noArrayIndexKey: marks never move
      key={index}
      href={`#${markId(prefix, number, index + 1)}`}
      aria-label={
        marks > 1 ? `Back to mark ${index + 1} of note ${number}` : `Back to note ${number}`
      }
      className="way-back"
    >
      ↩{index > 0 && <sup>{index + 1}</sup>}
    </a>
  ));
}
