'use client';

import { type KeyboardEvent, useRef, useState } from 'react';
import { Comparison } from '@/components/artifact/comparison';
import { DocumentView } from '@/components/artifact/document-view';
import { PanelHeader } from '@/components/artifact/panel-header';
import { PanelNotices } from '@/components/artifact/panel-notices';
import { usePanelFocus } from '@/components/artifact/use-panel-focus';
import { VersionBar } from '@/components/artifact/version-bar';
import { Button } from '@/components/ui/button';
import { Spinner } from '@/components/ui/spinner';
import { useArtifactStore } from '@/lib/client/artifact/context';
import { COVERS } from '@/lib/client/artifact/may-open';
import type { OpenDocument } from '@/lib/client/artifact/store';
import { useDocuments } from '@/lib/client/artifact/use-documents';
import { useSession } from '@/lib/client/artifact/use-session';
import { useVersions } from '@/lib/client/artifact/use-versions';
import { olderThan } from '@/lib/client/artifact/versions';
import { isComposing } from '@/lib/client/is-composing';
import { cn } from '@/lib/client/utils';

type ArtifactPanelProps = {
  chatId: string;
  open: OpenDocument;
};

/** The document beside the chat, as it is written and worked on; on a phone it covers the chat. */
export default function ArtifactPanel({ chatId, open }: ArtifactPanelProps) {
  const store = useArtifactStore();
  const { documents, rename } = useDocuments(chatId, true);
  const listed = documents.find(({ id }) => id === open.id);
  const [session, state] = useSession(open, listed?.version ?? 0);
  const { detail, live, loading, problem } = state;
  const versions = useVersions(open.id, detail?.latest ?? 0);
  const [fullScreen, setFullScreen] = useState(false);
  /** What the shown version is compared with: the one before it, or one beside it. */
  const [against, setAgainst] = useState<'before' | number | null>(null);
  /** Compared is what is saved: until then the two versions are not known. */
  const [saving, setSaving] = useState(false);
  const panel = useRef<HTMLElement>(null);
  const close = usePanelFocus(panel, open.asked, fullScreen, store.close);

  const shown = live ?? detail;
  const title = listed?.label || live?.title || detail?.title || '';
  const before = detail && olderThan(versions, detail.version)?.version;
  const from = against === 'before' ? before : against;
  const comparing = !live && detail !== null && (saving ? against !== null : Boolean(from));

  async function compare(other: 'before' | number | null) {
    setAgainst(other);
    if (other === null) return;
    setSaving(true);
    await session.flush();
    setSaving(false);
  }
  function show(version: number) {
    setAgainst((other) => (other === 'before' ? other : null));
    session.show(version);
  }
  function showMessage(messageId: string) {
    setFullScreen(false);
    if (matchMedia(COVERS).matches) store.close();
    store.point(messageId);
  }
  function onKeyDown(event: KeyboardEvent) {
    // What lies within the panel may have had its own use for the key.
    if (event.key !== 'Escape' || event.shiftKey || event.defaultPrevented) return;
    if (isComposing(event)) return;
    if (fullScreen) setFullScreen(false);
    else close();
  }

  return (
    <aside
      ref={panel}
      aria-label="Document"
      aria-busy={live !== null || loading}
      data-artifact=""
      tabIndex={-1}
      onKeyDown={onKeyDown}
      className={cn(
        'print-whole flex min-w-0 flex-col bg-card outline-none print:break-before-page max-lg:fixed max-lg:inset-0 max-lg:z-40',
        fullScreen ? 'lg:fixed lg:inset-0 lg:z-40' : 'lg:w-[min(50%,44rem)] lg:border-l',
      )}
    >
      <PanelHeader
        title={title}
        shown={shown}
        content={() => session.content()}
        writing={live !== null}
        fullScreen={fullScreen}
        onRename={detail ? (next) => rename(open.id, next) : undefined}
        onFullScreen={() => setFullScreen(!fullScreen)}
        onClose={close}
      />
      {detail && !live && detail.version > 0 && (
        <VersionBar
          detail={detail}
          at={state.wanted ?? detail.version}
          versions={versions}
          save={state.save}
          comparing={comparing}
          onShow={show}
          onCompare={(on) => compare(on ? 'before' : null)}
          onRestore={(version) => session.restore(version)}
          onShowMessage={showMessage}
        />
      )}
      <PanelNotices
        session={session}
        state={state}
        versions={versions}
        onShow={show}
        onCompare={compare}
      />
      {comparing && saving && <Spinner label="Comparing the two versions" className="m-5" />}
      {comparing && !saving && from && (
        <Comparison id={open.id} kind={detail.kind} from={from} to={detail.version} />
      )}
      {problem && !shown ? (
        <div className="grid justify-items-start gap-3 p-5">
          <p role="alert">{problem}</p>
          <Button variant="outline" size="sm" onClick={() => session.show(open.version)}>
            Try again
          </Button>
        </div>
      ) : shown ? (
        // Out of sight while versions are compared, but as the person has left it.
        <div
          data-document=""
          hidden={comparing}
          className="print-whole flex min-h-0 flex-1 flex-col"
        >
          <DocumentView key={state.viewKey} session={session} state={state} title={title} />
        </div>
      ) : (
        <Spinner label="Loading the document" className="m-5" />
      )}
    </aside>
  );
}
