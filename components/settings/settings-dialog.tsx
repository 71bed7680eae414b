'use client';

import { Database, Info, Keyboard, Palette, UserRound, UserRoundPen } from 'lucide-react';
import * as Tabs from 'radix-ui/tabs';
import { useState } from 'react';
import { Dialog, DialogContent, DialogTitle } from '@/components/ui/dialog';
import { ignoreComposingEscape } from '@/lib/client/browser/is-composing';
import { useIsWideScreen } from '@/lib/client/browser/use-is-wide-screen';
import { closeDialog, SETTINGS_TABS, type SettingsTab } from '@/lib/client/shell/open-dialog';
import { AboutSettings } from './about-settings';
import { AccountSettings } from './account-settings';
import { DataSettings } from './data-settings';
import { GeneralSettings } from './general-settings';
import { KeyboardSettings } from './keyboard-settings';
import { PersonalSettings } from './personal-settings';
import { isRecordingShortcut } from './shortcut-recorder';

const TABS = {
  General: { Icon: Palette, Panel: GeneralSettings },
  Keyboard: { Icon: Keyboard, Panel: KeyboardSettings },
  Personal: { Icon: UserRoundPen, Panel: PersonalSettings },
  Data: { Icon: Database, Panel: DataSettings },
  Account: { Icon: UserRound, Panel: AccountSettings },
  About: { Icon: Info, Panel: AboutSettings },
} as const satisfies Record<SettingsTab, unknown>;

type SettingsDialogProps = { initialTab: SettingsTab; onRestoreFocus: () => void };

/** Open while mounted. Default export, because it is lazy-loaded. */
export default function SettingsDialog({ initialTab, onRestoreFocus }: SettingsDialogProps) {
  const [tab, setTab] = useState<string>(initialTab);
  const isWide = useIsWideScreen();
  return (
    <Dialog open onOpenChange={(open) => !open && closeDialog()}>
      <DialogContent
        aria-describedby={undefined}
        onEscapeKeyDown={(event) => {
          ignoreComposingEscape(event);
          if (isRecordingShortcut()) event.preventDefault();
        }}
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          onRestoreFocus();
        }}
        className="h-[calc(100dvh-2rem)] max-w-3xl grid-rows-[auto_minmax(0,1fr)] gap-0 overflow-hidden p-0 sm:h-[min(40rem,calc(100dvh-2rem))]"
      >
        <DialogTitle className="px-5 pt-4 pb-3">Settings</DialogTitle>
        <Tabs.Root
          value={tab}
          onValueChange={setTab}
          orientation={isWide ? 'vertical' : 'horizontal'}
          className="flex min-h-0 flex-1 flex-col border-t sm:flex-row"
        >
          <Tabs.List
            aria-label="Settings"
            className="flex shrink-0 gap-0.5 overflow-x-auto border-b p-2 sm:w-44 sm:flex-col sm:overflow-x-visible sm:border-r sm:border-b-0 sm:bg-sidebar"
          >
            {SETTINGS_TABS.map((name) => {
              const { Icon } = TABS[name];
              return (
                <Tabs.Trigger
                  key={name}
                  value={name}
                  className="flex h-9 shrink-0 cursor-pointer items-center gap-2.5 rounded-md px-2.5 text-left text-sm text-muted-foreground pointer-coarse:h-11 hover:text-foreground focus-visible:-outline-offset-2 data-[state=active]:bg-accent data-[state=active]:font-medium data-[state=active]:text-accent-foreground forced-colors:data-[state=active]:text-[Highlight]"
                >
                  <Icon aria-hidden="true" className="size-4 max-sm:hidden" />
                  {name}
                </Tabs.Trigger>
              );
            })}
          </Tabs.List>
          {SETTINGS_TABS.map((name) => {
            const { Panel } = TABS[name];
            return (
              <Tabs.Content
                key={name}
                value={name}
                className="min-h-0 flex-1 overflow-y-auto overscroll-contain p-5 focus-visible:-outline-offset-2"
              >
                <Panel />
              </Tabs.Content>
            );
          })}
        </Tabs.Root>
      </DialogContent>
    </Dialog>
  );
}
