'use client';

import { useState } from 'react';
import { ReferenceQuote } from '@/components/chat/reference';
import { Button } from '@/components/ui/button';
import { readReference } from '@/lib/client/artifact/reference';
import { usePrinting } from '@/lib/client/use-printing';

const LONG_CHARS = 1_800;
const LONG_LINES = 24;

/** What the person wrote, as they wrote it; a long paste is folded to its beginning. */
export function UserText({ text: sent }: { text: string }) {
  const reference = readReference(sent);
  const text = reference?.message ?? sent;
  const [open, setOpen] = useState(false);
  const long = text.length > LONG_CHARS || text.split('\n', LONG_LINES + 1).length > LONG_LINES;
  const printing = usePrinting();
  const shown = long && !open && !printing ? `${beginning(text)}…` : text;
  return (
    <div className="max-w-[min(100%,36rem)] rounded-2xl rounded-br-md border border-transparent bg-bubble px-4 py-2.5 print:border-border text-bubble-foreground">
      {reference && <ReferenceQuote {...reference} />}
      <p
        dir="auto"
        className="whitespace-pre-wrap [overflow-wrap:anywhere] [unicode-bidi:plaintext]"
      >
        {shown}
      </p>
      {long && (
        <Button variant="link" size="sm" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Show less' : `Show all ${text.length.toLocaleString('en')} characters`}
        </Button>
      )}
    </div>
  );
}

function beginning(text: string): string {
  const lines = text.split('\n', LONG_LINES).join('\n');
  // Never half of a surrogate pair.
  return lines.slice(0, LONG_CHARS).replace(/[\ud800-\udbff]$/, '');
}
