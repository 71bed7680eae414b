'use client';

import { ChevronLeft, ChevronRight, GitCompareArrows, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { SaveStatus } from '@/components/documents/save-status';
import { Button } from '@/components/ui/button';
import { Tooltip } from '@/components/ui/tooltip';
import { toast } from '@/lib/client/browser/toast';
import { useNow } from '@/lib/client/browser/use-now';
import type { SaveState } from '@/lib/client/documents/autosave';
import {
  formatTimeAgo,
  listedVersionFor,
  nextVersion,
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
 * The toolbar of versions: the displayed version, navigation to others, comparing and restoring.
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
  const next = nextVersion(versions, currentVersion);
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
      className="flex min-h-10 print:hidden shrink-0 flex-wrap items-center gap-x-1 border-b px-2 text-[0.8125rem] text-muted-foreground"
    >
      <Tooltip label="Previous version" side="bottom">
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label="Previous version"
          aria-disabled={!previous}
          onClick={() => previous && onShow(previous.version)}
        >
          <ChevronLeft />
        </Button>
      </Tooltip>
      <Tooltip label="Next version" side="bottom">
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label="Next version"
          aria-disabled={!next}
          onClick={() => next && onShow(next.version)}
        >
          <ChevronRight />
        </Button>
      </Tooltip>
      <p
        className="min-w-0 flex-1 basis-36 truncate px-1"
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
      {previous && (
        <Tooltip label="Compare with the previous version" side="bottom">
          <Button
            variant="ghost"
            size="sm"
            aria-label="Changes"
            aria-pressed={comparing}
            onClick={() => onCompare(!comparing)}
            className="aria-pressed:bg-accent aria-pressed:text-accent-foreground"
          >
            <GitCompareArrows className="size-4" />
            <span className="max-sm:hidden">Changes</span>
          </Button>
        </Tooltip>
      )}
      {version < latest && (
        <Tooltip label="Make this the newest version" side="bottom">
          <Button
            variant="outline"
            size="sm"
            aria-label="Restore"
            aria-disabled={restoring}
            onClick={() => !restoring && restore()}
          >
            <RotateCcw className="size-3.5" />
            <span className="max-sm:hidden">Restore</span>
          </Button>
        </Tooltip>
      )}
    </div>
  );
}
