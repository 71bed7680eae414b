'use client';

import { Logo } from '@/components/ui/logo';
import { VERSION } from '@/lib/shared/version';

export function AboutSettings() {
  return (
    <div className="grid gap-5 text-sm">
      <div className="flex items-center gap-3">
        <Logo className="size-9 text-primary" />
        <div>
          <h3 className="font-semibold text-base">Throughline</h3>
          <p className="text-muted-foreground">Version {VERSION}</p>
        </div>
      </div>
      <dl className="grid gap-4">
        <div className="grid gap-1">
          <dt className="font-medium">License</dt>
          <dd className="text-muted-foreground">
            Apache-2.0: free to use, change and share, without warranty.
          </dd>
        </div>
        <div className="grid gap-1">
          <dt className="font-medium">Help</dt>
          <dd className="text-muted-foreground">
            Throughline runs on a server of your organization. Ask the people who run it, and tell
            them the version above. The guides are in the folder docs of the installation.
          </dd>
        </div>
        <div className="grid gap-1">
          <dt className="font-medium">Your data</dt>
          <dd className="text-muted-foreground">
            Chats, documents and settings are stored on that server. Messages go to the model that
            you choose for the chat.
          </dd>
        </div>
      </dl>
    </div>
  );
}
