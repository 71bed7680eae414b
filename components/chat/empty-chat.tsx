'use client';

import { ChartColumn, FileText, ScrollText } from 'lucide-react';
import { Logo } from '@/components/ui/logo';
import { STARTER_PROMPTS } from '@/lib/client/chat/starter-prompts';

const ICONS = {
  answer: ScrollText,
  document: FileText,
  chart: ChartColumn,
};

/** Displayed in a chat without messages, with prompts to start from. */
export default function EmptyChat({ onSelectPrompt }: { onSelectPrompt: (text: string) => void }) {
  return (
    <div className="mx-auto flex w-full max-w-column flex-col px-4 sm:px-6">
      <Logo className="mb-3 size-9 text-primary" />
      <h2 className="text-balance font-semibold text-2xl tracking-tight sm:text-3xl">
        Ask. Leave. Come back.
      </h2>
      <p className="mt-2 text-muted-foreground">
        Answers are written on your server. Closing this tab doesn’t stop them.
      </p>
      <ul aria-label="Things to try" className="-mx-2.5 mt-6 grid">
        {STARTER_PROMPTS.map(({ kind, label, text }) => {
          const Icon = ICONS[kind];
          return (
            <li key={kind}>
              <button
                type="button"
                onClick={() => onSelectPrompt(text)}
                className="flex w-full cursor-pointer items-center gap-3 rounded-lg px-2.5 py-2 text-left text-[0.9375rem] transition-colors hover:bg-accent pointer-coarse:min-h-11"
              >
                <Icon
                  aria-hidden="true"
                  className="size-4.5 shrink-0 text-primary"
                  strokeWidth={1.75}
                />
                <span className="min-w-0 flex-1">{label}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
