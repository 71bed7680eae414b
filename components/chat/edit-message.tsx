'use client';

import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { ExcessNotice } from '@/components/ui/excess-notice';
import { isComposing } from '@/lib/client/browser/is-composing';
import type { SendOutcome } from '@/lib/client/chat/chat-request';
import { LIMITS } from '@/lib/protocol/api';
import { isBlank } from '@/lib/protocol/is-blank';

type EditMessageProps = {
  /** The accessible name of the field. */
  label?: string;
  submitLabel?: string;
  initialText: string;
  onChange: (text: string) => void;
  onSend: (text: string) => Promise<SendOutcome>;
  onCancel: () => void;
};

/** Edits a sent or queued message in place. Default export, because it is lazy-loaded. */
export default function EditMessage({
  label = 'Edit message',
  submitLabel = 'Send',
  initialText,
  onChange,
  onSend,
  onCancel,
}: EditMessageProps) {
  const [text, setText] = useState(initialText);
  const [isSending, setIsSending] = useState(false);
  const noticeId = useId();
  const textarea = useRef<HTMLTextAreaElement>(null);
  const excessChars = text.length - LIMITS.messageChars;
  const canSend = !isSending && !isBlank(text) && excessChars <= 0;

  useEffect(() => {
    const { current: field } = textarea;
    field?.focus();
    field?.setSelectionRange(field.value.length, field.value.length);
    field?.scrollIntoView({ block: 'nearest' });
  }, []);

  async function send() {
    if (!canSend) return;
    setIsSending(true);
    await onSend(text);
    setIsSending(false);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (isComposing(event)) return;
    if (event.key === 'Escape') onCancel();
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send();
    else return;
    event.preventDefault();
  }

  return (
    <form
      className="w-full max-w-[36rem] rounded-2xl border border-input bg-field p-2 focus-within:border-ring forced-colors:focus-within:outline-2"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        ref={textarea}
        aria-label={label}
        aria-describedby={excessChars > 0 ? noticeId : undefined}
        aria-invalid={excessChars > 0}
        dir="auto"
        value={text}
        readOnly={isSending}
        onChange={(event) => {
          setText(event.target.value);
          onChange(event.target.value);
        }}
        onKeyDown={onKeyDown}
        className="field-sizing-content max-h-[min(50dvh,28rem)] min-h-16 w-full resize-none bg-transparent px-2 py-1 leading-6 outline-none"
      />
      {excessChars > 0 && (
        <ExcessNotice
          id={noticeId}
          excess={excessChars}
          limit={LIMITS.messageChars}
          className="px-2 pb-1 text-destructive-text text-sm"
        />
      )}
      <div className="flex justify-end gap-2">
        <Button type="button" variant="ghost" size="sm" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" size="sm" disabled={!canSend}>
          {submitLabel}
        </Button>
      </div>
    </form>
  );
}
