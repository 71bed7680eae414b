'use client';

import { ArrowUp, Square } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, memo, useId } from 'react';
import { ReferenceChip } from '@/components/chat/reference';
import { Button } from '@/components/ui/button';
import { Tooltip } from '@/components/ui/tooltip';
import { useArtifact, useArtifactStore } from '@/lib/client/artifact/context';
import { withReference } from '@/lib/client/artifact/reference';
import type { Outcome } from '@/lib/client/chat/turn';
import { useDraft } from '@/lib/client/chat/use-draft';
import { useGrowingField } from '@/lib/client/chat/use-growing-field';
import { isComposing } from '@/lib/client/is-composing';
import { directionOfText } from '@/lib/client/markdown/direction';
import { LIMITS } from '@/lib/protocol/api';
import { isBlank } from '@/lib/protocol/blank';

/** From so many characters on, one direction for all paragraphs: finding each one's costs time with every key. */
const LONG_CHARS = 20_000;
const FIRST_CHARS = 1_000;

function directionFor(text: string): 'auto' | 'ltr' | 'rtl' {
  if (text.length < LONG_CHARS) return 'auto';
  return directionOfText(text.slice(0, FIRST_CHARS)) ?? 'ltr';
}

type ComposerProps = {
  /** Names the draft that is kept in the browser. */
  draftName: string;
  /** An answer is being made: there is something to stop, and nothing can be sent. */
  busy: boolean;
  stopping: boolean;
  onSend: (text: string) => Promise<Outcome>;
  onStop: () => void;
};

export const Composer = memo(function Composer({
  draftName,
  busy,
  stopping,
  onSend,
  onStop,
}: ComposerProps) {
  const { draft, text } = useDraft(draftName);
  const field = useGrowingField(text, (typed) => draft.addEarly(typed));
  const artifact = useArtifactStore();
  const reference = useArtifact((snapshot) => snapshot.reference);
  const tooLong = text.length - LIMITS.messageChars;
  const sendable = !isBlank(text) && tooLong <= 0;
  const notice = useId();

  function stop(event: MouseEvent) {
    // The second click of a double click on Send, which was here a moment ago.
    if (event.detail > 1) return;
    onStop();
    leaveButton(event);
  }

  /** A button that goes away would leave whoever pressed it by a key nowhere. */
  function leaveButton({ detail }: MouseEvent) {
    if (detail === 0) field.current?.focus();
  }

  async function send() {
    if (busy || !sendable) return;
    const sent = draft.take();
    artifact.refer(null);
    const outcome = await onSend(reference ? withReference(reference, sent) : sent);
    draft.settle(sent, outcome === 'accepted');
    if (outcome === 'refused') artifact.refer(reference);
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return;
    // The keyboard of a touch screen has no Shift+Enter: there, the button sends, or Ctrl+Enter.
    const withModifier = event.ctrlKey || event.metaKey;
    if (!withModifier && matchMedia('(pointer: coarse)').matches) return;
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
      {reference && (
        <ReferenceChip
          {...reference}
          onRemove={() => {
            artifact.refer(null);
            field.current?.focus();
          }}
        />
      )}
      <div className="flex items-end gap-2 rounded-2xl border border-input bg-field py-2 pr-2 pl-4 shadow-composer transition-colors focus-within:border-ring pointer-coarse:py-1 pointer-coarse:pr-1 forced-colors:focus-within:outline-2">
        <textarea
          ref={field}
          aria-label="Message"
          aria-describedby={tooLong > 0 ? notice : undefined}
          aria-invalid={tooLong > 0}
          placeholder="Write a message"
          rows={1}
          dir={directionFor(text)}
          value={text}
          onChange={(event) => draft.write(event.target.value)}
          onKeyDown={onKeyDown}
          className="field-sizing-content max-h-[min(40dvh,20rem)] min-h-8 min-w-0 flex-1 resize-none bg-transparent py-1 leading-6 pointer-coarse:min-h-11 pointer-coarse:py-2.5 outline-none placeholder:text-muted-foreground"
        />
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
              disabled={!sendable}
              onClick={leaveButton}
            >
              <ArrowUp />
            </Button>
          </Tooltip>
        )}
      </div>
      {tooLong > 0 && (
        <p id={notice} role="alert" className="px-4 pt-1.5 text-destructive-text text-sm">
          {tooLong.toLocaleString('en')} characters too long. A message may have{' '}
          {LIMITS.messageChars.toLocaleString('en')}.
        </p>
      )}
    </form>
  );
});
