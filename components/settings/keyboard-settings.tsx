'use client';

import { RotateCcw } from 'lucide-react';
import { useId } from 'react';
import { Button } from '@/components/ui/button';
import { RadioGroup } from '@/components/ui/radio-group';
import { Switch } from '@/components/ui/switch';
import { formatShortcut, isApplePlatform } from '@/lib/client/browser/shortcuts';
import { saveUserSettings, useUserSettings } from '@/lib/client/settings/settings-store';
import { conflictsOf, keysOf, SHORTCUT_NAMES } from '@/lib/client/settings/shortcut-keys';
import { SHORTCUT_ACTIONS, type ShortcutAction } from '@/lib/protocol/shortcuts';
import type { UserSettings } from '@/lib/protocol/user-settings';
import { ShortcutRecorder } from './shortcut-recorder';

export function KeyboardSettings() {
  const { sendKey, shortcutsEnabled, shortcuts } = useUserSettings();
  const modEnter = formatShortcut('$mod+Enter', isApplePlatform());
  return (
    <div className="grid gap-6">
      <RadioGroup
        label="Send messages with"
        hint={
          sendKey === 'enter'
            ? `Shift+Enter makes a new line. ${modEnter} sends, too.`
            : 'Enter makes a new line.'
        }
        options={[
          { value: 'enter', label: 'Enter' },
          { value: 'mod-enter', label: modEnter },
        ]}
        value={sendKey}
        onChange={(value: UserSettings['sendKey']) => saveUserSettings({ sendKey: value })}
      />
      <Switch
        label="Keyboard shortcuts"
        hint="They do nothing while a dialog is open, or where an editor uses the keys itself."
        checked={shortcutsEnabled}
        onChange={(checked) => saveUserSettings({ shortcutsEnabled: checked })}
      />
      {shortcutsEnabled && (
        <section aria-label="Shortcuts" className="grid gap-2">
          <ul className="divide-y">
            {SHORTCUT_ACTIONS.map((action) => (
              <ShortcutRow key={action} action={action} shortcuts={shortcuts} />
            ))}
          </ul>
          <p className="text-muted-foreground text-sm">
            Press a button, then the new keys. Backspace removes a shortcut, Escape keeps it.
          </p>
          <Button
            variant="outline"
            size="sm"
            disabled={Object.keys(shortcuts).length === 0}
            onClick={() => saveUserSettings({ shortcuts: null })}
            className="justify-self-start"
          >
            Reset all shortcuts
          </Button>
        </section>
      )}
    </div>
  );
}

type ShortcutRowProps = { action: ShortcutAction; shortcuts: UserSettings['shortcuts'] };

function ShortcutRow({ action, shortcuts }: ShortcutRowProps) {
  const id = useId();
  const name = SHORTCUT_NAMES[action];
  const conflicts = conflictsOf(shortcuts, action).map((other) => SHORTCUT_NAMES[other]);
  return (
    <li className="flex flex-wrap items-center gap-x-2 gap-y-1 py-1.5">
      <span className="min-w-0 flex-1 text-sm">{name}</span>
      {shortcuts[action] !== undefined && (
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label={`Reset: ${name}`}
          onClick={() => saveUserSettings({ shortcuts: { [action]: null } })}
          className="text-muted-foreground"
        >
          <RotateCcw />
        </Button>
      )}
      <ShortcutRecorder
        name={name}
        keys={keysOf(shortcuts, action)}
        describedBy={conflicts.length > 0 ? id : undefined}
        onChange={(keys) => saveUserSettings({ shortcuts: { [action]: keys } })}
      />
      {conflicts.length > 0 && (
        <p id={id} role="alert" className="basis-full text-right text-destructive-text text-sm">
          Also used for: {conflicts.join(', ')}
        </p>
      )}
    </li>
  );
}
