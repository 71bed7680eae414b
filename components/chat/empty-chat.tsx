'use client';

import { CloudSun, Code, FileText, Sigma, Table } from 'lucide-react';

const PROMPTS = [
  { icon: CloudSun, label: 'Weather', text: 'What is the weather in Oslo right now?' },
  { icon: Table, label: 'Table', text: 'Compare the inner planets in a table.' },
  { icon: Sigma, label: 'Maths', text: 'Show me the maths behind the quadratic formula.' },
  { icon: Code, label: 'Code', text: 'Show code that tells how far apart two words are.' },
  {
    icon: FileText,
    label: 'Document',
    text: 'Write a document: a packing list for a week of hiking.',
  },
];

/** A chat with nothing in it yet. */
export function EmptyChat({ onPick }: { onPick: (text: string) => void }) {
  return (
    <div className="mx-auto flex w-full max-w-column flex-col px-4 sm:px-6">
      <h2 className="text-balance font-semibold text-2xl tracking-tight sm:text-3xl">
        What are you working on?
      </h2>
      <p className="mt-2 text-muted-foreground">
        Every answer is kept, whatever happens to this page.
      </p>
      <ul aria-label="Things to try" className="-mx-2.5 mt-6 grid">
        {PROMPTS.map(({ icon: Icon, label, text }) => (
          <li key={label}>
            <button
              type="button"
              onClick={() => onPick(text)}
              className="flex w-full cursor-pointer items-center gap-3 rounded-lg px-2.5 py-2 text-left text-[0.9375rem] transition-colors hover:bg-accent pointer-coarse:py-2.5"
            >
              <Icon
                aria-hidden="true"
                className="size-4.5 shrink-0 text-primary"
                strokeWidth={1.75}
              />
              <span className="min-w-0 flex-1">{text}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
