'use client';

import { ArrowUp, Square } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, memo, useId, useMemo } from 'react';
import { ExcerptChip } from '@/components/chat/message-excerpt';
import { Button } from '@/components/ui/button';
import { ExcessNotice } from '@/components/ui/excess-notice';
import { Tooltip } from '@/components/ui/tooltip';
import { isComposing } from '@/lib/client/browser/is-composing';
import type { SendOutcome } from '@/lib/client/chat/chat-request';
import { useMessageDraft } from '@/lib/client/chat/draft/use-message-draft';
import { formatMessage } from '@/lib/client/chat/message-excerpt';
import { useAutosizeTextarea } from '@/lib/client/chat/use-autosize-textarea';
import { directionOfText } from '@/lib/client/markdown/direction';
import { getUserSettings } from '@/lib/client/settings/settings-store';
import { LIMITS } from '@/lib/protocol/api';
import { isBlank } from '@/lib/protocol/is-blank';

/** Longer texts get one direction for all paragraphs: `dir="auto"` slows down every key press. */
const AUTO_DIRECTION_MAX_CHARS = 20_000;
const DIRECTION_SAMPLE_CHARS = 1_000;

function textDirection(text: string): 'auto' | 'ltr' | 'rtl' {
  if (text.length < AUTO_DIRECTION_MAX_CHARS) return 'auto';
  return directionOfText(text.slice(0, DIRECTION_SAMPLE_CHARS)) ?? 'ltr';
}

type ComposerProps = {
  /** Name of the draft that is stored in the browser. */
  draftName: string;
  /** A request is pending: it can be stopped. */
  busy: boolean;
  /** Whether messages are queued instead of sent. */
  queues: boolean;
  stopping: boolean;
  onSend: (text: string) => Promise<SendOutcome>;
  onQueue: (text: string) => Promise<SendOutcome>;
  onStop: () => void;
  /** Edits the user's last message: ↑ in an empty box. */
  onEditLast: () => void;
};

export const Composer = memo(function Composer({
  draftName,
  busy,
  queues,
  stopping,
  onSend,
  onQueue,
  onStop,
  onEditLast,
}: ComposerProps) {
  const { draft, text, excerpt } = useMessageDraft(draftName);
  const textarea = useAutosizeTextarea(text, (typed) => draft.addPreHydrationText(typed));
  const excerptChars = useMemo(() => formatMessage({ excerpt, text: '' }).length, [excerpt]);
  const excessChars = excerptChars + text.length - LIMITS.messageChars;
  const canSend = !isBlank(text) && excessChars <= 0;
  const noticeId = useId();

  function stop(event: MouseEvent) {
    // Ignore the second click of a double click on Send, which this button replaced.
    if (event.detail > 1) return;
    onStop();
    focusTextareaAfterKeyPress(event);
  }

  /** The pressed button is removed; after a key press its focus moves to the textarea. */
  function focusTextareaAfterKeyPress({ detail }: MouseEvent) {
    if (detail === 0) textarea.current?.focus();
  }

  async function send() {
    if (!canSend) return;
    const message = draft.beginSend();
    const submit = queues ? onQueue : onSend;
    const outcome = await submit(message);
    draft.finishSend(message, outcome === 'accepted');
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.key === 'ArrowUp' && text === '' && !isComposing(event)) {
      event.preventDefault();
      onEditLast();
    }
    if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return;
    // On-screen keyboards have no Shift+Enter: on touch screens, the button or Ctrl+Enter sends.
    const withModifier = event.ctrlKey || event.metaKey;
    const enterSends =
      getUserSettings().sendKey === 'enter' && !matchMedia('(pointer: coarse)').matches;
    if (!withModifier && !enterSends) return;
    event.preventDefault();
    send();
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      className="mx-auto w-full max-w-column px-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] sm:px-4"
    >
      {excerpt && (
        <ExcerptChip
          excerpt={excerpt}
          onRemove={() => {
            draft.setExcerpt(null);
            textarea.current?.focus();
          }}
        />
      )}
      <div className="flex items-end gap-2 rounded-2xl border border-input bg-field py-2 pr-2 pl-4 shadow-composer transition-colors focus-within:border-ring pointer-coarse:py-1 pointer-coarse:pr-1 forced-colors:focus-within:outline-2">
        <textarea
          ref={textarea}
          aria-label="Message"
          aria-describedby={excessChars > 0 ? noticeId : undefined}
          aria-invalid={excessChars > 0}
          placeholder="Write a message"
          rows={1}
          dir={textDirection(text)}
          value={text}
          onChange={(event) => draft.setText(event.target.value)}
          onKeyDown={onKeyDown}
          className="field-sizing-content max-h-[min(40dvh,20rem)] min-h-8 min-w-0 flex-1 resize-none bg-transparent py-1 leading-6 pointer-coarse:min-h-11 pointer-coarse:py-2.5 outline-none placeholder:text-muted-foreground"
        />
        {busy && canSend && (
          <Tooltip label="Queue message">
            <Button
              type="submit"
              variant="outline"
              size="icon-sm"
              className="rounded-full"
              aria-label="Queue message"
              onClick={focusTextareaAfterKeyPress}
            >
              <ArrowUp />
            </Button>
          </Tooltip>
        )}
        {busy ? (
          <Tooltip label={stopping ? 'Stopping…' : 'Stop'}>
            <Button
              size="icon-sm"
              className="rounded-full"
              aria-label="Stop"
              aria-disabled={stopping}
              onClick={stop}
            >
              <Square fill="currentColor" className="size-3" />
            </Button>
          </Tooltip>
        ) : (
          <Tooltip label="Send">
            <Button
              type="submit"
              size="icon-sm"
              className="rounded-full"
              aria-label="Send"
              disabled={!canSend}
              onClick={focusTextareaAfterKeyPress}
            >
              <ArrowUp />
            </Button>
          </Tooltip>
        )}
      </div>
      {excessChars > 0 && (
        <ExcessNotice
          id={noticeId}
          excess={excessChars}
          limit={LIMITS.messageChars}
          className="px-4 pt-1.5 text-destructive-text text-sm"
        />
      )}
    </form>
  );
});
