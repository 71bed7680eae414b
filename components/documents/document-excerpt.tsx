import { Quote, X } from 'lucide-react';
import { Button } from '@/components/ui/button';
import type { DocumentExcerpt } from '@/lib/client/documents/document-excerpt';

type ExcerptSummary = Pick<DocumentExcerpt, 'title' | 'text' | 'location'>;

/** The excerpt that the next message refers to, displayed above the composer. */
export function ExcerptChip({
  title,
  text,
  location,
  onRemove,
}: ExcerptSummary & { onRemove: () => void }) {
  return (
    <fieldset
      aria-label="What the message is about"
      className="mb-1.5 flex min-w-0 items-center gap-2 rounded-lg border border-transparent bg-muted py-1.5 pr-1.5 pl-3 text-sm"
    >
      <Quote aria-hidden="true" className="size-3.5 shrink-0 text-primary" />
      <p className="min-w-0 flex-1" title={text}>
        <span className="flex text-muted-foreground text-xs">
          <span className="truncate">
            About “<bdi>{title}</bdi>”
          </span>
          <span className="max-w-3/5 shrink-0 truncate">{location && `, ${location}`}:</span>
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

/** The excerpt as displayed in a sent message. */
export function ExcerptQuote({ title, text, location }: ExcerptSummary) {
  return (
    <blockquote className="mb-2 border-primary/50 border-l-2 pl-3 text-sm">
      <p className="text-muted-foreground text-xs">
        About “<bdi>{title}</bdi>”{location && `, ${location}`}
      </p>
      <p dir="auto" className="line-clamp-3 whitespace-pre-wrap [overflow-wrap:anywhere]">
        {text}
      </p>
    </blockquote>
  );
}

function shortenExcerpt(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 200);
}
