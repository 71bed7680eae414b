import { Quote, X } from 'lucide-react';
import { Button } from '@/components/ui/button';
import type { MessageExcerpt } from '@/lib/client/chat/message-excerpt';

/** The excerpt that the next message refers to, displayed above the composer. */
export function ExcerptChip({
  excerpt,
  onRemove,
}: {
  excerpt: MessageExcerpt;
  onRemove: () => void;
}) {
  const { text } = excerpt;
  return (
    <fieldset
      aria-label="What the message is about"
      className="mb-1.5 flex min-w-0 items-center gap-2 rounded-lg border border-transparent bg-muted py-1.5 pr-1.5 pl-3 text-sm"
    >
      <Quote aria-hidden="true" className="size-3.5 shrink-0 text-primary" />
      <p className="min-w-0 flex-1" title={text.slice(0, MAX_TOOLTIP_CHARS)}>
        <span className="flex text-muted-foreground text-xs">
          {'documentId' in excerpt ? (
            <>
              <span className="truncate">
                About “<bdi>{excerpt.title}</bdi>”
              </span>
              <span className="max-w-3/5 shrink-0 truncate">
                {excerpt.location && `, ${excerpt.location}`}:
              </span>
            </>
          ) : (
            'About this part of an answer:'
          )}
        </span>{' '}
        <span dir="auto" className="block truncate">
          “{shortenExcerpt(text)}”
        </span>
      </p>
      <Button
        variant="ghost"
        size="icon-xs"
        aria-label="Remove what the message is about"
        onClick={onRemove}
      >
        <X />
      </Button>
    </fieldset>
  );
}

/** The excerpt as displayed in a sent message: its first lines. */
export function ExcerptQuote({ excerpt }: { excerpt: MessageExcerpt }) {
  return (
    <blockquote className="mb-2 border-primary/50 border-l-2 pl-3 text-sm">
      {'documentId' in excerpt && (
        <p className="text-muted-foreground text-xs">
          About “<bdi>{excerpt.title}</bdi>”{excerpt.location && `, ${excerpt.location}`}
        </p>
      )}
      <p dir="auto" className="line-clamp-3 whitespace-pre-wrap [overflow-wrap:anywhere]">
        {excerpt.text.slice(0, MAX_QUOTE_CHARS)}
      </p>
    </blockquote>
  );
}

/** More than three lines. */
const MAX_QUOTE_CHARS = 2_000;
const MAX_TOOLTIP_CHARS = 1_000;

function shortenExcerpt(text: string): string {
  return text.slice(0, MAX_QUOTE_CHARS).replace(/\s+/g, ' ').trim().slice(0, 200);
}
