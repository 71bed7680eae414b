'use client';

import { GitCompareArrows, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { SaveStatus } from '@/components/documents/save-status';
import { VersionLine } from '@/components/documents/version-line';
import { Button } from '@/components/ui/button';
import { Tooltip } from '@/components/ui/tooltip';
import { toast } from '@/lib/client/browser/toast';
import { useNow } from '@/lib/client/browser/use-now';
import type { SaveState } from '@/lib/client/documents/autosave';
import {
  formatTimeAgo,
  listedVersionFor,
  previousVersion,
} from '@/lib/client/documents/version-steps';
import type { RequestError } from '@/lib/client/http/request-error';
import type { DocumentDetail, VersionSummary } from '@/lib/protocol/api';

type VersionBarProps = {
  detail: DocumentDetail;
  /**
   * The version that Previous and Next start from: the last requested one, which may still be
   * loading.
   */
  currentVersion: number;
  /** Newest first. */
  versions: readonly VersionSummary[];
  save: SaveState;
  comparing: boolean;
  onShow: (version: number) => void;
  onCompare: (on: boolean) => void;
  onRestore: (version: number) => Promise<void>;
  onShowMessage: (messageId: string) => void;
};

/**
 * The toolbar of versions: the displayed version, navigation to others, comparing and restoring. Its
 * parts are in the grid of the panel's header: the text below the title, the rest beside both.
 */
export function VersionBar({
  detail,
  currentVersion,
  versions,
  save,
  comparing,
  onShow,
  onCompare,
  onRestore,
  onShowMessage,
}: VersionBarProps) {
  const { version, latest } = detail;
  const previous = previousVersion(versions, currentVersion);
  const listedVersion = listedVersionFor(versions, version);
  const now = useNow();
  const [restoring, setRestoring] = useState(false);
  const author = (listedVersion?.author ?? detail.author) === 'user' ? 'by you' : 'by the model';

  async function restore() {
    setRestoring(true);
    await onRestore(version).catch((error: RequestError) => toast.error(error.message));
    setRestoring(false);
  }

  return (
    <div
      role="toolbar"
      aria-label="Versions"
      className="contents text-muted-foreground print:hidden"
    >
      <div className="col-start-1 row-start-2 flex min-w-0 flex-wrap items-baseline text-xs">
        <p
          className="min-w-0 truncate"
          title={listedVersion && new Date(listedVersion.createdAt).toLocaleString('en')}
        >
          {/* Announced when the user switches versions, but not at each save while they type. */}
          <span role="status" aria-live={save.status === 'pristine' ? 'polite' : 'off'}>
            <span className="text-foreground">
              Version {version} of {latest}
            </span>
            {' · '}
            {listedVersion?.messageId ? (
              <Button
                variant="link"
                size="sm"
                aria-label={`${author}: show the message`}
                title="Show the message"
                onClick={() => onShowMessage(listedVersion.messageId as string)}
                className="font-normal"
              >
                {author}
              </Button>
            ) : (
              author
            )}
            {listedVersion?.restoredFrom && `, version ${listedVersion.restoredFrom} restored`}
          </span>
          {listedVersion && (
            <span className="max-sm:hidden">
              {' · '}
              {formatTimeAgo(listedVersion.createdAt, now)}
            </span>
          )}
        </p>
        <SaveStatus save={save} />
      </div>
      <div className="col-start-2 row-start-2 flex items-center gap-1 justify-self-end @min-[30rem]:row-span-2 @min-[30rem]:row-start-1">
        <VersionLine versions={versions} currentVersion={currentVersion} onShow={onShow} />
        {previous && (
          <Tooltip label="Compare with the previous version" side="bottom">
            <Button
              variant="ghost"
              size="icon-sm"
              aria-label="Changes"
              aria-pressed={comparing}
              onClick={() => onCompare(!comparing)}
              className="aria-pressed:bg-accent aria-pressed:text-accent-foreground"
            >
              <GitCompareArrows />
            </Button>
          </Tooltip>
        )}
        {version < latest && (
          <Tooltip label="Make this the newest version" side="bottom">
            <Button
              variant="outline"
              size="icon-sm"
              aria-label="Restore"
              aria-disabled={restoring}
              onClick={() => !restoring && restore()}
            >
              <RotateCcw />
            </Button>
          </Tooltip>
        )}
      </div>
    </div>
  );
}
