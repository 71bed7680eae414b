'use client';

import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import type { DocumentSession } from '@/lib/client/artifact/session';
import type { SessionState } from '@/lib/client/artifact/session-state';
import { stepOf } from '@/lib/client/artifact/versions';
import type { RequestError } from '@/lib/client/http';
import { toast } from '@/lib/client/toast';
import type { VersionSummary } from '@/lib/protocol/api';

type PanelNoticesProps = {
  session: DocumentSession;
  state: SessionState;
  versions: readonly VersionSummary[];
  onShow: (version: number) => void;
  /** Compares the version of this number with the one that is shown. */
  onCompare: (version: number) => void;
};

/** What a person should know of the document that is open: others at work on it, a broken writing. */
export function PanelNotices({ session, state, versions, onShow, onCompare }: PanelNoticesProps) {
  const { detail, live, aside, editable, beside, problem, save } = state;
  const error = live?.error;
  if (error) return <Note alert>{error}</Note>;
  if (live || !detail) return null;
  if (problem) return <Note alert>{problem}</Note>;
  if (aside) {
    return (
      <Note>
        The model is writing a new version. Your edits stay here and are kept beside it.{' '}
        <Action onClick={() => session.watch()}>Watch</Action>
      </Note>
    );
  }
  const newer = editable && detail.version < detail.latest;
  const theirs = newer ? detail.latest : beside;
  if (theirs !== null) {
    const byModel = stepOf(versions, theirs)?.author === 'model';
    const maker = byModel ? 'The model' : 'Another tab or device';
    const mineByModel = !newer && detail.author === 'model';
    // Where nothing was written here, there is nothing to keep.
    const untouched = newer && save.status === 'untouched';
    const act = (promise: Promise<void>) =>
      promise.catch((reason: RequestError) => toast.error(reason.message));
    return (
      <Note alert>
        {mineByModel
          ? `The model wrote this without having seen version ${theirs}. Both are kept.`
          : untouched
            ? `${maker} made version ${theirs}. This is version ${detail.version}.`
            : `${maker} made version ${theirs} while you were editing. Both are kept.`}
        <span className="flex flex-wrap gap-x-4 pt-1">
          <Action onClick={() => session.flush().then(() => onShow(theirs))}>
            {byModel ? 'Show the model’s version' : `Show version ${theirs}`}
          </Action>
          <Action onClick={() => onCompare(theirs)}>Compare</Action>
          {mineByModel ? (
            <>
              <Action onClick={() => act(session.restore(theirs))}>Restore version {theirs}</Action>
              <Action onClick={() => session.dismiss()}>Keep this one</Action>
            </>
          ) : (
            !untouched && <Action onClick={() => act(session.keepMine())}>Keep mine</Action>
          )}
        </span>
      </Note>
    );
  }
  if (detail.complete) return null;
  return <Note>{state.broke} This version was cut short while it was being written.</Note>;
}

function Note({ alert, children }: { alert?: boolean; children: ReactNode }) {
  return (
    <div
      role={alert ? 'alert' : 'status'}
      className="shrink-0 border-b bg-muted px-4 py-2 text-sm leading-relaxed"
    >
      {children}
    </div>
  );
}

function Action({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <Button variant="link" size="sm" onClick={onClick} className="min-h-6">
      {children}
    </Button>
  );
}
