'use client';

import { Button } from '@/components/ui/button';
import { Dialog, DialogContent, DialogFooter, DialogTitle } from '@/components/ui/dialog';
import {
  ASK_FOR_CHANGE_KEYS,
  formatShortcut,
  isApplePlatform,
} from '@/lib/client/browser/shortcuts';
import { useUserSettings } from '@/lib/client/settings/settings-store';
import { keysOf, SHORTCUT_NAMES } from '@/lib/client/settings/shortcut-keys';
import { closeDialog, openSettings } from '@/lib/client/shell/open-dialog';
import { SHORTCUT_ACTIONS } from '@/lib/protocol/shortcuts';

/** Open while mounted. Default export, because it is lazy-loaded. */
export default function KeyboardShortcutsDialog({
  onRestoreFocus,
}: {
  onRestoreFocus: () => void;
}) {
  const { sendKey, shortcutsEnabled, shortcuts } = useUserSettings();
  const fixed = [
    ['Send the message', sendKey === 'enter' ? 'Enter' : '$mod+Enter'],
    ['New line', sendKey === 'enter' ? 'Shift+Enter' : 'Enter'],
    ['Edit your last message (in the empty message box)', 'ArrowUp'],
    ['Ask for a change (in a document, with a selection)', ASK_FOR_CHANGE_KEYS],
  ] as const;
  return (
    <Dialog open onOpenChange={(open) => !open && closeDialog()}>
      <DialogContent
        aria-describedby={undefined}
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          onRestoreFocus();
        }}
      >
        <DialogTitle>Keyboard shortcuts</DialogTitle>
        {!shortcutsEnabled && (
          <p className="text-muted-foreground text-sm">Shortcuts are turned off in the settings.</p>
        )}
        <dl className="grid">
          {shortcutsEnabled &&
            SHORTCUT_ACTIONS.filter((action) => keysOf(shortcuts, action) !== '').map((action) => (
              <Row key={action} name={SHORTCUT_NAMES[action]} keys={keysOf(shortcuts, action)} />
            ))}
          {fixed.map(([name, keys]) => (
            <Row key={name} name={name} keys={keys} />
          ))}
        </dl>
        <DialogFooter>
          <Button variant="outline" onClick={() => openSettings('Keyboard')}>
            Change shortcuts
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}

function Row({ name, keys }: { name: string; keys: string }) {
  return (
    <div className="flex items-center justify-between gap-4 border-b py-1.5 last:border-b-0">
      <dt className="text-sm">{name}</dt>
      <dd className="shrink-0">
        <kbd className="rounded-sm border bg-muted px-1.5 py-0.5 text-xs">
          {formatShortcut(keys, isApplePlatform())}
        </kbd>
      </dd>
    </div>
  );
}
