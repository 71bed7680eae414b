'use client';

import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { toast } from '@/lib/client/browser/toast';
import type { DocumentSession } from '@/lib/client/documents/document-session';
import type { DocumentSessionState } from '@/lib/client/documents/document-session-state';
import { listedVersionFor } from '@/lib/client/documents/version-steps';
import type { RequestError } from '@/lib/client/http/request-error';
import type { VersionSummary } from '@/lib/protocol/api';

type PanelNoticesProps = {
  session: DocumentSession;
  state: DocumentSessionState;
  versions: readonly VersionSummary[];
  onShow: (version: number) => void;
  /** Compares this version with the displayed one. */
  onCompare: (version: number) => void;
};

/** Notices about the open document: conflicting versions, load errors and an incomplete version. */
export function PanelNotices({ session, state, versions, onShow, onCompare }: PanelNoticesProps) {
  const { detail, streamed, keepingEdits, editable, conflictsWith, errorMessage, save } = state;
  const error = streamed?.error;
  if (error) return <PanelNotice alert>{error}</PanelNotice>;
  if (streamed || !detail) return null;
  if (errorMessage) return <PanelNotice alert>{errorMessage}</PanelNotice>;
  if (keepingEdits) {
    return (
      <PanelNotice>
        The model is writing a new version. Your edits stay here and are saved as a separate
        version. <NoticeAction onClick={() => session.showStreamed()}>Watch</NoticeAction>
      </PanelNotice>
    );
  }
  const hasNewerVersion = editable && detail.version < detail.latest;
  const otherVersion = hasNewerVersion ? detail.latest : conflictsWith;
  if (otherVersion !== null) {
    const isOtherByModel = listedVersionFor(versions, otherVersion)?.author === 'model';
    const otherAuthor = isOtherByModel ? 'The model' : 'Another tab or device';
    const isDisplayedByModel = !hasNewerVersion && detail.author === 'model';
    // Without local edits there is nothing to keep.
    const isPristine = hasNewerVersion && save.status === 'pristine';
    const reportFailure = (promise: Promise<void>) =>
      promise.catch((reason: RequestError) => toast.error(reason.message));
    return (
      <PanelNotice alert>
        {isDisplayedByModel
          ? `The model wrote this without having seen version ${otherVersion}. Both versions are stored.`
          : isPristine
            ? `${otherAuthor} created version ${otherVersion}. This is version ${detail.version}.`
            : `${otherAuthor} created version ${otherVersion} while you were editing. Both versions are stored.`}
        <span className="flex flex-wrap gap-x-4 pt-1">
          <NoticeAction onClick={() => session.flush().then(() => onShow(otherVersion))}>
            {isOtherByModel ? 'Show the model’s version' : `Show version ${otherVersion}`}
          </NoticeAction>
          <NoticeAction onClick={() => onCompare(otherVersion)}>Compare</NoticeAction>
          {isDisplayedByModel ? (
            <>
              <NoticeAction onClick={() => reportFailure(session.restore(otherVersion))}>
                Restore version {otherVersion}
              </NoticeAction>
              <NoticeAction onClick={() => session.acknowledgeConflict()}>
                Keep this one
              </NoticeAction>
            </>
          ) : (
            !isPristine && (
              <NoticeAction onClick={() => reportFailure(session.keepLocalVersion())}>
                Keep mine
              </NoticeAction>
            )
          )}
        </span>
      </PanelNotice>
    );
  }
  if (detail.complete) return null;
  return <PanelNotice>{state.interruptedBy} This version is incomplete.</PanelNotice>;
}

function PanelNotice({ alert, children }: { alert?: boolean; children: ReactNode }) {
  return (
    <div
      role={alert ? 'alert' : 'status'}
      className="shrink-0 border-b bg-muted px-4 py-2 text-sm leading-relaxed"
    >
      {children}
    </div>
  );
}

function NoticeAction({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <Button variant="link" size="sm" onClick={onClick} className="min-h-6">
      {children}
    </Button>
  );
}
