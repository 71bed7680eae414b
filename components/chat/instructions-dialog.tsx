'use client';

import { useRef, useState } from 'react';
import { DiscardChangesDialog } from '@/components/chat/discard-changes-dialog';
import { InstructionsForm, type SaveInstructions } from '@/components/chat/instructions-form';
import {
  Dialog,
  DialogContent,
  DialogDescription,
  DialogHeader,
  DialogTitle,
} from '@/components/ui/dialog';
import { Spinner } from '@/components/ui/spinner';
import type { ChatSettings } from '@/lib/protocol/chat-settings';

type InstructionsDialogProps = {
  /** Undefined until they are loaded. */
  settings: ChatSettings | undefined;
  /** Why they could not be loaded. */
  loadError?: string;
  save: SaveInstructions;
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
  const [isAsking, setIsAsking] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);

  function requestClose() {
    if (isChanged) setIsAsking(true);
    else onClose();
  }

  return (
    <Dialog open onOpenChange={(open) => !open && requestClose()}>
      <DialogContent
        className="max-w-lg"
        onInteractOutside={(event) => {
          // A click outside is often accidental: only Cancel, Close and Escape ask.
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
            field={field}
            stored={settings.systemPrompt ?? ''}
            save={save}
            onChanged={setIsChanged}
            onCancel={requestClose}
            onSaved={onClose}
          />
        ) : loadError ? (
          <p role="alert" className="text-destructive-text text-sm">
            {loadError}
          </p>
        ) : (
          <Spinner label="Loading the instructions" className="my-6 justify-self-center" />
        )}
        {isAsking && (
          <DiscardChangesDialog
            description="What you’ve written isn’t saved."
            onDiscard={onClose}
            onClose={() => setIsAsking(false)}
            onRestoreFocus={() => field.current?.focus()}
          />
        )}
      </DialogContent>
    </Dialog>
  );
}
