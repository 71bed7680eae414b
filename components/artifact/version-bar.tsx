'use client';

import { ChevronLeft, ChevronRight, GitCompareArrows, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { SaveNote } from '@/components/artifact/save-note';
import { Button } from '@/components/ui/button';
import { Tooltip } from '@/components/ui/tooltip';
import type { SaveState } from '@/lib/client/artifact/saver';
import { useNow } from '@/lib/client/artifact/use-now';
import { newerThan, olderThan, stepOf, timeAgo } from '@/lib/client/artifact/versions';
import type { RequestError } from '@/lib/client/http';
import { toast } from '@/lib/client/toast';
import type { DocumentDetail, VersionSummary } from '@/lib/protocol/api';

type VersionBarProps = {
  detail: DocumentDetail;
  /** The version that steps go from: the one that was asked for last, which may not be there yet. */
  at: number;
  /** Newest first. */
  versions: readonly VersionSummary[];
  save: SaveState;
  comparing: boolean;
  onShow: (version: number) => void;
  onCompare: (on: boolean) => void;
  onRestore: (version: number) => Promise<void>;
  onShowMessage: (messageId: string) => void;
};

/** Which version is shown, the way to the others, and what can be done with it. */
export function VersionBar({
  detail,
  at,
  versions,
  save,
  comparing,
  onShow,
  onCompare,
  onRestore,
  onShowMessage,
}: VersionBarProps) {
  const { version, latest } = detail;
  const older = olderThan(versions, at);
  const newer = newerThan(versions, at);
  const step = stepOf(versions, version);
  const now = useNow();
  const [restoring, setRestoring] = useState(false);
  const author = (step?.author ?? detail.author) === 'user' ? 'by you' : 'by the model';

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
          aria-disabled={!older}
          onClick={() => older && onShow(older.version)}
        >
          <ChevronLeft />
        </Button>
      </Tooltip>
      <Tooltip label="Next version" side="bottom">
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label="Next version"
          aria-disabled={!newer}
          onClick={() => newer && onShow(newer.version)}
        >
          <ChevronRight />
        </Button>
      </Tooltip>
      <p
        className="min-w-0 flex-1 basis-36 truncate px-1"
        title={step && new Date(step.createdAt).toLocaleString('en')}
      >
        {/* Told when the person steps to it; not at each of the saves while they write. */}
        <span role="status" aria-live={save.status === 'untouched' ? 'polite' : 'off'}>
          <span className="text-foreground">
            Version {version} of {latest}
          </span>
          {' · '}
          {step?.messageId ? (
            <Button
              variant="link"
              size="sm"
              aria-label={`${author}: show the message`}
              title="Show the message"
              onClick={() => onShowMessage(step.messageId as string)}
              className="font-normal"
            >
              {author}
            </Button>
          ) : (
            author
          )}
          {step?.restoredFrom && `, version ${step.restoredFrom} restored`}
        </span>
        {step && (
          <span className="max-sm:hidden">
            {' · '}
            {timeAgo(step.createdAt, now)}
          </span>
        )}
      </p>
      <SaveNote save={save} />
      {older && (
        <Tooltip label="What changed from the version before" side="bottom">
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
