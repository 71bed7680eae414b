'use client';

import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import {
  Dialog,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@/components/ui/dialog';
import { Label } from '@/components/ui/label';
import { Spinner } from '@/components/ui/spinner';
import { isComposing } from '@/lib/client/browser/is-composing';
import { toast } from '@/lib/client/browser/toast';
import { LIMITS } from '@/lib/protocol/api';
import type { ChatSettings, NewChatSettings } from '@/lib/protocol/chat-settings';
import { isBlank } from '@/lib/protocol/is-blank';
import { formatCount } from '@/lib/shared/format-count';

/** The character count is displayed from this length on. */
const COUNTER_MIN_CHARS = LIMITS.systemPromptChars * 0.9;

type InstructionsDialogProps = {
  /** Undefined until they are loaded. */
  settings: ChatSettings | undefined;
  /** Why they could not be loaded. */
  loadError?: string;
  save: (changes: NewChatSettings) => Promise<void>;
  onClose: () => void;
  /** Called after the dialog has closed, to restore the focus. */
  onRestoreFocus: () => void;
};

/** Edits the instructions of a chat. Open while mounted. Default export, because it is lazy-loaded. */
export default function InstructionsDialog({
  settings,
  loadError,
  save,
  onClose,
  onRestoreFocus,
}: InstructionsDialogProps) {
  const [isChanged, setIsChanged] = useState(false);
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        className="max-w-lg"
        onInteractOutside={(event) => {
          // Only Cancel, Close and Escape discard changes, not a click outside.
          if (isChanged) event.preventDefault();
        }}
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          onRestoreFocus();
        }}
      >
        <DialogHeader>
          <DialogTitle>Instructions for this chat</DialogTitle>
          <DialogDescription>
            These apply to every answer in this chat, from the next one on.
          </DialogDescription>
        </DialogHeader>
        {settings ? (
          <InstructionsForm
            stored={settings.systemPrompt ?? ''}
            save={save}
            onChanged={setIsChanged}
            onClose={onClose}
          />
        ) : loadError ? (
          <p role="alert" className="text-destructive-text text-sm">
            {loadError}
          </p>
        ) : (
          <Spinner label="Loading the instructions" className="my-6 justify-self-center" />
        )}
      </DialogContent>
    </Dialog>
  );
}

type FormProps = {
  stored: string;
  save: (changes: NewChatSettings) => Promise<void>;
  onChanged: (isChanged: boolean) => void;
  onClose: () => void;
};

function InstructionsForm({ stored, save, onChanged, onClose }: FormProps) {
  // A change in another tab does not replace the text in the field.
  const [initial] = useState(stored);
  const [text, setText] = useState(stored);
  const [error, setError] = useState<string | null>(null);
  const [pending, setPending] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const isMounted = useRef(false);
  const id = useId();
  const excessChars = text.length - LIMITS.systemPromptChars;

  useEffect(() => {
    isMounted.current = true;
    field.current?.focus();
    field.current?.setSelectionRange(initial.length, initial.length);
    return () => {
      isMounted.current = false;
    };
  }, [initial]);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (pending) return;
    if (excessChars > 0) return field.current?.focus();
    if (text === initial) return onClose();
    setPending(true);
    setError(null);
    try {
      await save({ systemPrompt: isBlank(text) ? null : text.trim() });
      if (isMounted.current) onClose();
    } catch (reason) {
      const { message } = reason as Error;
      if (!isMounted.current)
        toast.error('The instructions were not saved.', { description: message });
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
          placeholder="For example: Answer in British English, in three sentences at most. I’m a nurse."
          aria-invalid={excessChars > 0 || undefined}
          aria-describedby={`${id}-note`}
          onChange={(event) => {
            setText(event.target.value);
            onChanged(event.target.value !== initial);
          }}
          onKeyDown={onKeyDown}
          className="field-sizing-content max-h-[45dvh] min-h-36 w-full resize-none rounded-md border border-input bg-field px-3 py-2 text-sm leading-relaxed placeholder:text-muted-foreground aria-invalid:border-destructive pointer-coarse:text-base"
        />
        <div id={`${id}-note`} className="grid gap-1 text-sm empty:hidden">
          {excessChars > 0 ? (
            <p role="alert" className="text-destructive-text">
              {formatCount(excessChars, 'character')} too long. The limit is{' '}
              {format(LIMITS.systemPromptChars)}.
            </p>
          ) : (
            text.length >= COUNTER_MIN_CHARS && (
              <p className="text-muted-foreground tabular-nums">
                {format(text.length)} of {format(LIMITS.systemPromptChars)} characters
              </p>
            )
          )}
          {error && (
            <p role="alert" className="text-destructive-text">
              {error}
            </p>
          )}
        </div>
      </div>
      <DialogFooter>
        <Button variant="outline" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" aria-disabled={pending || excessChars > 0}>
          {pending && <Spinner label="" className="text-current" />}
          Save
        </Button>
      </DialogFooter>
    </form>
  );
}

function format(count: number): string {
  return count.toLocaleString('en');
}
