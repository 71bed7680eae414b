'use client';

import { type KeyboardEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Kbd } from '@/components/ui/kbd';
import { isComposing } from '@/lib/client/browser/is-composing';
import { shortcutOf } from '@/lib/client/browser/record-shortcut';
import { formatShortcut, isApplePlatform } from '@/lib/client/browser/shortcuts';

const RECORDING_ATTRIBUTE = 'data-recording';

/** Whether the next keys are recorded as a shortcut, Escape included. */
export function isRecordingShortcut(): boolean {
  return document.activeElement?.hasAttribute(RECORDING_ATTRIBUTE) ?? false;
}

type ShortcutRecorderProps = {
  name: string;
  /** '' for no shortcut. */
  keys: string;
  describedBy: string | undefined;
  onChange: (keys: string) => void;
};

/** A button with the keys of a shortcut. After a click, the next keys replace them. */
export function ShortcutRecorder({ name, keys, describedBy, onChange }: ShortcutRecorderProps) {
  const [recording, setRecording] = useState(false);

  function onKeyDown(event: KeyboardEvent) {
    if (!recording || isComposing(event)) return;
    if (event.key === 'Tab' && !event.ctrlKey && !event.metaKey && !event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const withModifier = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
    if (event.key === 'Escape' && !withModifier) return setRecording(false);
    const isRemoval = (event.key === 'Backspace' || event.key === 'Delete') && !withModifier;
    const recorded = isRemoval ? '' : shortcutOf(event.nativeEvent, isApplePlatform());
    if (recorded === null) return;
    setRecording(false);
    onChange(recorded);
  }

  const spokenKeys = keys ? formatShortcut(keys, isApplePlatform()) : 'none';
  return (
    <Button
      variant="outline"
      size="sm"
      aria-label={recording ? `Press the new keys for: ${name}` : `${name}: ${spokenKeys}`}
      aria-describedby={describedBy}
      {...{ [RECORDING_ATTRIBUTE]: recording || undefined }}
      onClick={() => setRecording(!recording)}
      onBlur={() => setRecording(false)}
      onKeyDown={onKeyDown}
      className="min-w-28"
    >
      {recording ? (
        <span className="text-muted-foreground">Press keys…</span>
      ) : keys ? (
        <Kbd keys={keys} className="border-0 text-foreground text-xs" />
      ) : (
        <span className="text-muted-foreground">None</span>
      )}
    </Button>
  );
}
