'use client';

import { useState } from 'react';
import { ExcerptQuote } from '@/components/chat/message-excerpt';
import { Button } from '@/components/ui/button';
import { withBreaks } from '@/components/ui/long-words';
import { useIsPrinting } from '@/lib/client/browser/use-is-printing';
import { parseMessage } from '@/lib/client/chat/message-excerpt';
import { formatCount } from '@/lib/shared/format-count';
import { truncateChars } from '@/lib/shared/surrogates';

const COLLAPSED_CHARS = 1_800;
const COLLAPSED_LINES = 24;

/** The user's message as plain text; a long one is collapsed to its beginning. */
export function UserMessageText({ text: messageText }: { text: string }) {
  const { excerpt, text } = parseMessage(messageText);
  const [expanded, setExpanded] = useState(false);
  const isLong =
    text.length > COLLAPSED_CHARS || text.split('\n', COLLAPSED_LINES + 1).length > COLLAPSED_LINES;
  const printing = useIsPrinting();
  const visibleText = isLong && !expanded && !printing ? `${truncate(text)}…` : text;
  return (
    <div className="max-w-[min(100%,36rem)] rounded-2xl rounded-br-md border border-transparent bg-bubble px-4 py-2.5 print:border-border text-bubble-foreground">
      {excerpt && <ExcerptQuote excerpt={excerpt} />}
      <p
        dir="auto"
        data-message-text=""
        className="whitespace-pre-wrap [overflow-wrap:anywhere] [unicode-bidi:plaintext]"
      >
        {withBreaks(visibleText)}
      </p>
      {isLong && (
        <Button
          variant="link"
          size="sm"
          aria-expanded={expanded}
          onClick={() => setExpanded(!expanded)}
        >
          {expanded ? 'Show less' : `Show all ${formatCount(text.length, 'character')}`}
        </Button>
      )}
    </div>
  );
}

function truncate(text: string): string {
  const lines = text.split('\n', COLLAPSED_LINES).join('\n');
  return truncateChars(lines, COLLAPSED_CHARS);
}
