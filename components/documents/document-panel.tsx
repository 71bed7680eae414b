'use client';

import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { DocumentView } from '@/components/documents/document-view';
import { PanelDivider } from '@/components/documents/panel-divider';
import { PanelHeader } from '@/components/documents/panel-header';
import { PanelNotices } from '@/components/documents/panel-notices';
import { useCollapsedSidebar } from '@/components/documents/use-collapsed-sidebar';
import { usePanelFocus } from '@/components/documents/use-panel-focus';
import { type PanelWidth, usePanelWidth } from '@/components/documents/use-panel-width';
import { VersionBar } from '@/components/documents/version-bar';
import { VersionDiffPanel } from '@/components/documents/version-diff-panel';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/class-names';
import { Spinner } from '@/components/ui/spinner';
import { isComposing } from '@/lib/client/browser/is-composing';
import type { OpenDocument } from '@/lib/client/documents/document-store';
import { useDocumentStore } from '@/lib/client/documents/document-store-context';
import { PANEL_COVERS_CHAT_QUERY } from '@/lib/client/documents/panel-focus';
import { useDocumentSession } from '@/lib/client/documents/use-document-session';
import { useDocuments } from '@/lib/client/documents/use-documents';
import { useVersions } from '@/lib/client/documents/use-versions';
import { previousVersion } from '@/lib/client/documents/version-steps';

type DocumentPanelProps = {
  chatId: string;
  open: OpenDocument;
};

/** The document panel next to the chat; on small screens it covers the chat. */
export default function DocumentPanel({ chatId, open }: DocumentPanelProps) {
  useCollapsedSidebar();
  const width = usePanelWidth();
  return <Panel key={open.id} chatId={chatId} open={open} width={width} />;
}

function Panel({ chatId, open, width }: DocumentPanelProps & { width: PanelWidth }) {
  const store = useDocumentStore();
  const { documents, rename } = useDocuments(chatId);
  const listed = documents.find(({ id }) => id === open.id);
  const [session, state] = useDocumentSession(open, listed?.version ?? 0);
  const { detail, streamed, loading, errorMessage } = state;
  const versions = useVersions(open.id, detail?.latest ?? 0);
  const [fullScreen, setFullScreen] = useState(false);
  /** The version to compare the displayed one with: the previous one, or one by number. */
  const [comparedVersion, setComparedVersion] = useState<'previous' | number | null>(null);
  /** A comparison uses saved versions, so edits are saved first. */
  const [saving, setSaving] = useState(false);
  const panel = useRef<HTMLElement>(null);
  const close = usePanelFocus(panel, open.openRequests, fullScreen, store.close);

  // The URL may name a document of another chat. That of a streamed document is not known.
  const isForeign = Boolean(detail?.chatId) && detail?.chatId !== chatId;
  useEffect(() => {
    if (isForeign) store.close();
  }, [isForeign, store]);

  const displayed = streamed ?? detail;
  const title = listed?.label || streamed?.title || detail?.title || '';
  const previousNumber = detail && previousVersion(versions, detail.version)?.version;
  const compareFrom = comparedVersion === 'previous' ? previousNumber : comparedVersion;
  const comparing =
    !streamed && detail !== null && (saving ? comparedVersion !== null : Boolean(compareFrom));

  async function compare(other: 'previous' | number | null) {
    setComparedVersion(other);
    if (other === null) return;
    setSaving(true);
    await session.flush();
    setSaving(false);
  }
  function show(version: number) {
    setComparedVersion((other) => (other === 'previous' ? other : null));
    session.show(version);
  }
  function showMessage(messageId: string) {
    setFullScreen(false);
    if (matchMedia(PANEL_COVERS_CHAT_QUERY).matches) store.close();
    store.scrollToMessage(messageId);
  }
  function onKeyDown(event: KeyboardEvent) {
    // An element within the panel may have handled the key.
    if (event.key !== 'Escape' || event.shiftKey || event.defaultPrevented) return;
    if (isComposing(event)) return;
    if (fullScreen) setFullScreen(false);
    else close();
  }

  return (
    <aside
      ref={panel}
      aria-label="Document"
      aria-busy={streamed !== null || loading}
      data-document-panel=""
      tabIndex={-1}
      onKeyDown={onKeyDown}
      className={cn(
        'print-expanded flex min-w-0 flex-col bg-card outline-none print:break-before-page max-lg:fixed max-lg:inset-0 max-lg:z-40',
        fullScreen
          ? 'lg:fixed lg:inset-0 lg:z-40'
          : 'lg:relative lg:w-[var(--panel-width,min(50%,44rem))] lg:border-l',
      )}
      style={width.style}
    >
      {!fullScreen && <PanelDivider width={width} />}
      <PanelHeader
        title={title}
        displayed={displayed}
        getContent={() => session.content()}
        isStreaming={streamed !== null}
        fullScreen={fullScreen}
        onRename={detail ? (next) => rename(open.id, next) : undefined}
        onFullScreen={() => setFullScreen(!fullScreen)}
        onClose={close}
      >
        {detail && !streamed && detail.version > 0 && (
          <VersionBar
            detail={detail}
            currentVersion={state.requestedVersion ?? detail.version}
            versions={versions}
            save={state.save}
            comparing={comparing}
            onShow={show}
            onCompare={(on) => compare(on ? 'previous' : null)}
            onRestore={(version) => session.restore(version)}
            onShowMessage={showMessage}
          />
        )}
      </PanelHeader>
      <PanelNotices
        session={session}
        state={state}
        versions={versions}
        onShow={show}
        onCompare={compare}
      />
      {comparing && saving && <Spinner label="Comparing the two versions" className="m-5" />}
      {comparing && !saving && compareFrom && (
        <VersionDiffPanel id={open.id} kind={detail.kind} from={compareFrom} to={detail.version} />
      )}
      {errorMessage && !displayed ? (
        <div className="grid justify-items-start gap-3 p-5">
          <p role="alert">{errorMessage}</p>
          <Button variant="outline" size="sm" onClick={() => session.show(open.version)}>
            Try again
          </Button>
        </div>
      ) : displayed ? (
        // Hidden while versions are compared, but kept mounted with its state.
        <div
          data-document-content=""
          hidden={comparing}
          className="print-expanded flex min-h-0 flex-1 flex-col"
        >
          <DocumentView key={state.viewKey} session={session} state={state} title={title} />
        </div>
      ) : (
        <Spinner label="Loading the document" className="m-5" />
      )}
    </aside>
  );
}
