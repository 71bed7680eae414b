'use client';

import {
  type FormEvent,
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { InstructionsConflict } from '@/components/chat/instructions-conflict';
import { Button } from '@/components/ui/button';
import { DialogFooter } from '@/components/ui/dialog';
import { ExcessNotice } from '@/components/ui/excess-notice';
import { Label } from '@/components/ui/label';
import { Spinner } from '@/components/ui/spinner';
import { isComposing } from '@/lib/client/browser/is-composing';
import { toast } from '@/lib/client/browser/toast';
import { LIMITS } from '@/lib/protocol/api';
import type { NewChatSettings } from '@/lib/protocol/chat-settings';
import { isBlank } from '@/lib/protocol/is-blank';

/** The character count is displayed from this length on. */
const COUNTER_MIN_CHARS = LIMITS.systemPromptChars * 0.9;

/** @param expected rejects if other settings than these are stored */
export type SaveInstructions = (
  changes: NewChatSettings,
  expected: NewChatSettings,
) => Promise<void>;

type InstructionsFormProps = {
  field: RefObject<HTMLTextAreaElement | null>;
  /** The stored text, as changed in any tab; '' if there is none. */
  stored: string;
  save: SaveInstructions;
  /** Called when the text begins or ceases to differ from the stored one. */
  onChanged: (isChanged: boolean) => void;
  onCancel: () => void;
  onSaved: () => void;
};

export function InstructionsForm({
  field,
  stored,
  save,
  onChanged,
  onCancel,
  onSaved,
}: InstructionsFormProps) {
  /** The stored text that the user has seen, and changes. */
  const [base, setBase] = useState(stored);
  const [text, setText] = useState(stored);
  const [error, setError] = useState<string | null>(null);
  const [pending, setPending] = useState(false);
  const keepButton = useRef<HTMLButtonElement>(null);
  const isMounted = useRef(false);
  const id = useId();
  const excess = text.length - LIMITS.systemPromptChars;
  const isChanged = toStored(text) !== base;
  const hasConflict = isChanged && stored !== base && stored !== toStored(text);
  // Without changes of the user there is nothing to choose.
  if (!isChanged && stored !== base) replaceText();

  useEffect(() => {
    isMounted.current = true;
    const textarea = field.current;
    textarea?.focus();
    textarea?.setSelectionRange(textarea.value.length, textarea.value.length);
    return () => {
      isMounted.current = false;
    };
  }, [field]);
  // Before the next event: a key that closes the dialog may follow immediately.
  useLayoutEffect(() => onChanged(isChanged), [isChanged, onChanged]);

  function replaceText() {
    setBase(stored);
    setText(stored);
    setError(null);
  }

  function keepText() {
    setBase(stored);
    setError(null);
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (pending) return;
    if (hasConflict) return keepButton.current?.focus();
    if (excess > 0) return field.current?.focus();
    if (!isChanged) return onSaved();
    setPending(true);
    setError(null);
    try {
      await save({ systemPrompt: toStored(text) || null }, { systemPrompt: base || null });
      if (isMounted.current) onSaved();
    } catch (reason) {
      const { message } = reason as Error;
      if (!isMounted.current)
        toast.error('Couldn’t save the instructions.', { description: message });
      setError(message);
      setPending(false);
    }
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    const withModifier = event.ctrlKey || event.metaKey;
    if (event.key !== 'Enter' || !withModifier || isComposing(event)) return;
    event.preventDefault();
    event.currentTarget.form?.requestSubmit();
  }

  return (
    <form onSubmit={submit} className="grid gap-4">
      <div className="grid gap-2">
        <Label htmlFor={id}>Instructions</Label>
        <textarea
          ref={field}
          id={id}
          dir="auto"
          rows={7}
          value={text}
          readOnly={pending}
          placeholder="For example: Answer in British English, in three sentences at most. I’m a nurse."
          aria-invalid={excess > 0 || undefined}
          aria-describedby={`${id}-note`}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          className="field-sizing-content max-h-[45dvh] min-h-36 w-full resize-none rounded-md border border-input bg-field px-3 py-2 text-sm leading-relaxed placeholder:text-muted-foreground aria-invalid:border-destructive pointer-coarse:text-base"
        />
        <div id={`${id}-note`} className="grid gap-1 text-sm empty:hidden">
          {excess > 0 ? (
            <ExcessNotice
              excess={excess}
              limit={LIMITS.systemPromptChars}
              className="text-destructive-text"
            />
          ) : (
            text.length >= COUNTER_MIN_CHARS && (
              <p className="text-muted-foreground tabular-nums">
                {format(text.length)} of {format(LIMITS.systemPromptChars)} characters
              </p>
            )
          )}
          {error && !hasConflict && (
            <p role="alert" className="text-destructive-text">
              {error}
            </p>
          )}
        </div>
      </div>
      {hasConflict && (
        <InstructionsConflict
          stored={stored}
          keepButton={keepButton}
          onKeep={() => {
            keepText();
            field.current?.focus();
          }}
          onReplace={() => {
            replaceText();
            field.current?.focus();
          }}
        />
      )}
      <DialogFooter>
        <Button variant="outline" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" aria-disabled={pending || excess > 0 || hasConflict}>
          {pending && <Spinner label="" className="text-current" />}
          Save
        </Button>
      </DialogFooter>
    </form>
  );
}

/** The text as the server stores it; '' stands for none. */
function toStored(text: string): string {
  return isBlank(text) ? '' : text.trim();
}

function format(count: number): string {
  return count.toLocaleString('en');
}
