'use client';

import { ScrollText } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/class-names';
import { Tooltip } from '@/components/ui/tooltip';
import { useLazyComponent } from '@/lib/client/browser/use-lazy-component';
import { focusComposer } from '@/lib/client/chat/focus-composer';
import type { UseChatSettingsResult } from '@/lib/client/chat/use-chat-settings';

const loadDialog = () => import('@/components/chat/instructions-dialog');

/**
 * Opens the instructions of the current chat; a dot shows that it has any. On a phone, a button
 * without a dot is hidden to leave space for the title: the chat list has the same entry.
 */
export function InstructionsButton({
  chat: { settings, isStored, save },
}: {
  chat: UseChatSettingsResult;
}) {
  const [open, setOpen] = useState(false);
  const [Dialog, requestDialog] = useLazyComponent(loadDialog);
  const trigger = useRef<HTMLButtonElement>(null);
  const isSet = settings.systemPrompt !== null;
  return (
    <>
      <Tooltip
        label={isSet ? 'This chat has instructions' : 'Instructions for this chat'}
        side="bottom"
      >
        <Button
          ref={trigger}
          variant="ghost"
          size="icon-sm"
          aria-label={`Instructions for this chat${isSet ? ' (set)' : ''}`}
          aria-haspopup="dialog"
          onClick={() => {
            requestDialog(() => setOpen(false));
            setOpen(true);
          }}
          onPointerEnter={() => requestDialog()}
          className={cn('relative', isStored && !isSet && 'max-sm:hidden')}
        >
          <ScrollText />
          {isSet && (
            <span className="absolute top-1 right-1 size-1.5 rounded-full bg-primary pointer-coarse:top-2.5 pointer-coarse:right-2.5 forced-colors:bg-[Highlight]" />
          )}
        </Button>
      </Tooltip>
      {open && Dialog && (
        <Dialog
          settings={settings}
          save={save}
          onClose={() => setOpen(false)}
          onRestoreFocus={() => {
            trigger.current?.focus();
            // On a phone the button is hidden once the instructions are removed.
            if (document.activeElement !== trigger.current) focusComposer();
          }}
        />
      )}
    </>
  );
}
