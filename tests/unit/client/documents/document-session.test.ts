import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ensureSession } from '@/lib/client/account/session';
import {
  type DocumentDraft,
  documentDraftKey,
  listDocumentDrafts,
  writeDocumentDraft,
} from '@/lib/client/documents/document-drafts';
import { DocumentSession } from '@/lib/client/documents/document-session';
import { createDocumentStore } from '@/lib/client/documents/document-store';
import type { DocumentDetail, SaveVersionBody } from '@/lib/protocol/api';
import type { StreamEvent } from '@/lib/protocol/stream-events';
import { memoryLocks } from '@/tests/support/memory-locks';
import { memoryStorage } from '@/tests/support/memory-storage';

const ID = 'd1';

type Version = { content: string; author: 'model' | 'user'; baseVersion: number | null };

/** A server with one document. */
function stubServer() {
  const versions: Version[] = [{ content: 'first', author: 'model', baseVersion: null }];
  const saves = new Map<string, number>();
  const server = {
    versions,
    /** Status codes of the next saves, which are rejected. */
    rejections: [] as number[],
    add: (version: Version) => versions.push(version),
  };
  const respond = (status: number, body: unknown) =>
    new Response(JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/json' },
    });
  vi.stubGlobal('fetch', async (path: string, init: RequestInit = {}) => {
    if (path === '/api/session') return respond(200, { user: { id: 'ada', anonymous: false } });
    if (init.method === 'POST') {
      const rejection = server.rejections.shift();
      if (rejection) return respond(rejection, { code: 'body_too_large', message: 'Rejected.' });
      const body = JSON.parse(String(init.body)) as SaveVersionBody;
      if (!saves.has(body.saveId)) {
        const restored = 'restore' in body ? versions[body.restore - 1]?.content : undefined;
        const content = 'content' in body ? body.content : (restored ?? '');
        server.add({ content, author: 'user', baseVersion: body.baseVersion });
        saves.set(body.saveId, versions.length);
      }
      return respond(200, { version: saves.get(body.saveId), latest: versions.length });
    }
    const version = Number(/version=(\d+)/.exec(path)?.[1] ?? versions.length);
    const detail: DocumentDetail = {
      ...{ id: ID, chatId: 'c1', title: 'Plan', kind: 'text', language: null, complete: true },
      ...(versions[version - 1] as Version),
      ...{ version, latest: versions.length },
    };
    return respond(200, detail);
  });
  return server;
}

const documentEvents = (
  content: string,
  writingId = 'call1',
  baseVersion?: number,
): StreamEvent[] => [
  { type: 'kind', content: 'text' },
  { type: 'id', content: ID },
  { type: 'title', content: 'Plan' },
  { type: 'clear', content: writingId, ...(baseVersion && { baseVersion }) },
  { type: 'text-delta', content },
];
const finish = (version: number): StreamEvent => ({ type: 'finish', content: String(version) });

async function openSession(version: number | null = null, hasFocus = () => false) {
  const store = createDocumentStore();
  const session = new DocumentSession(ID, store, hasFocus);
  session.start(version);
  await vi.advanceTimersByTimeAsync(0);
  return { store, session };
}

/** Stores a draft as an earlier page of this account would have. */
async function storeDraft(draft: DocumentDraft): Promise<void> {
  await ensureSession();
  writeDocumentDraft(documentDraftKey(ID, 'old'), draft);
}

/**
 * Stores a draft as another window of this account does, whose editor is still open.
 * @returns what that window does next: it saves the draft itself, or it is closed without
 */
async function storeDraftInOtherWindow(draft: DocumentDraft) {
  await ensureSession();
  const key = documentDraftKey(ID, 'theirs');
  vi.resetModules();
  const drafts = await import('@/lib/client/documents/document-drafts');
  const { releaseDraft } = await import('@/lib/client/documents/draft-locks');
  drafts.writeDocumentDraft(key, draft);
  return {
    confirmSave: () => drafts.removeDocumentDraft(key),
    close: () => releaseDraft(key),
  };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
  vi.stubGlobal('localStorage', memoryStorage());
  vi.stubGlobal('navigator', { locks: memoryLocks() });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('an open document', () => {
  it('is editable in its newest version and read-only in others', async () => {
    const server = stubServer();
    server.add({ content: 'second', author: 'model', baseVersion: 1 });
    const { session } = await openSession();
    expect(session.state).toMatchObject({ editable: true, detail: { version: 2 } });
    session.show(1);
    await vi.advanceTimersByTimeAsync(0);
    expect(session.state).toMatchObject({
      editable: false,
      detail: { content: 'first', latest: 2 },
    });
  });

  it('opens the requested version, also after a failed load', async () => {
    const server = stubServer();
    server.add({ content: 'second', author: 'model', baseVersion: 1 });
    const served = fetch;
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('Failed to fetch');
    });
    const { session } = await openSession(1);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(session.state).toMatchObject({ detail: null, errorMessage: expect.any(String) });
    vi.stubGlobal('fetch', served);
    session.onRemoteVersion(2);
    await vi.advanceTimersByTimeAsync(0);
    expect(session.state.detail).toMatchObject({ version: 1, content: 'first', latest: 2 });
  });

  it('keeps its editor when its content is saved', async () => {
    const server = stubServer();
    const { session } = await openSession();
    const { viewKey } = session.state;
    session.edit(() => 'mine');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(server.versions.at(-1)).toMatchObject({ content: 'mine', baseVersion: 1 });
    expect(session.state).toMatchObject({
      viewKey,
      editable: true,
      detail: { version: 2, latest: 2, author: 'user' },
      save: { status: 'saved' },
      conflictsWith: null,
    });
    // A live event announces the same version again.
    session.onRemoteVersion(2);
    await vi.advanceTimersByTimeAsync(0);
    expect(session.state.viewKey).toBe(viewKey);
  });

  it('keeps its editor and all typed text when it is requested again', async () => {
    const server = stubServer();
    const { session } = await openSession();
    const { viewKey } = session.state;
    for (const [requestedVersion, typed] of [
      [null, 'mine'],
      [2, 'mine, longer'],
    ] as const) {
      session.start(requestedVersion);
      session.edit(() => typed);
      await vi.advanceTimersByTimeAsync(2_000);
      expect(session.state).toMatchObject({
        viewKey,
        loading: false,
        save: { status: 'saved' },
      });
    }
    expect(server.versions.map(({ content }) => content)).toEqual([
      'first',
      'mine',
      'mine, longer',
    ]);
    // Another version is loading when its request is withdrawn.
    session.show(1);
    session.show(null);
    await vi.advanceTimersByTimeAsync(0);
    expect(session.state).toMatchObject({ viewKey, loading: false, detail: { version: 3 } });
  });

  it('keeps its editor if the user types before another version has loaded', async () => {
    const server = stubServer();
    server.add({ content: 'second', author: 'model', baseVersion: 1 });
    const { session } = await openSession();
    const { viewKey } = session.state;
    for (const typed of ['mine', 'mine, longer']) {
      session.show(1);
      expect(session.state).toMatchObject({ loading: true, requestedVersion: 1 });
      session.edit(() => typed);
      await vi.advanceTimersByTimeAsync(2_000);
      expect(session.state).toMatchObject({ viewKey, loading: false, requestedVersion: null });
      expect(server.versions.at(-1)?.content).toBe(typed);
    }
  });

  it('is not replaced by remote changes while the user edits it, and reports them', async () => {
    const server = stubServer();
    let focused = true;
    const { session } = await openSession(null, () => focused);
    const { viewKey } = session.state;
    server.add({ content: 'theirs', author: 'user', baseVersion: 1 });
    session.onRemoteVersion(2);
    await vi.advanceTimersByTimeAsync(0);
    expect(session.state).toMatchObject({ viewKey, detail: { version: 1, latest: 2 } });
    session.show(2);
    await vi.advanceTimersByTimeAsync(0);
    expect(session.state.detail).toMatchObject({ version: 2, content: 'theirs' });
    focused = false;
    server.add({ content: 'theirs again', author: 'user', baseVersion: 2 });
    session.onRemoteVersion(3);
    await vi.advanceTimersByTimeAsync(0);
    expect(session.state.detail).toMatchObject({ version: 3, content: 'theirs again' });
  });

  it('keeps saved and unsaved edits of the user while the model writes', async () => {
    const server = stubServer();
    let focused = true;
    const { store, session } = await openSession(null, () => focused);
    const { viewKey } = session.state;
    session.edit(() => 'mine');
    await vi.advanceTimersByTimeAsync(3_000);
    expect(session.state.save).toEqual({ status: 'saved' });
    // First in one batch, then in several.
    server.add({ content: 'edited', author: 'model', baseVersion: 2 });
    store.apply([...documentEvents('edited', 'call2', 2), finish(3)]);
    await vi.advanceTimersByTimeAsync(0);
    expect(session.state).toMatchObject({
      viewKey,
      streamed: null,
      detail: { version: 2, latest: 3 },
    });
    store.apply(documentEvents('anew', 'call3', 2));
    expect(session.state).toMatchObject({ viewKey, streamed: null, keepingEdits: true });
    server.add({ content: 'anew', author: 'model', baseVersion: 2 });
    store.apply([finish(4)]);
    expect(session.state).toMatchObject({
      viewKey,
      keepingEdits: false,
      detail: { latest: 4 },
    });
    // Without focus in the editor the stream is displayed.
    focused = false;
    store.apply(documentEvents('once more', 'call4', 2));
    expect(session.state.streamed).toMatchObject({ content: 'once more' });
  });

  it('starts once if an event announces a version that the stream has already delivered', async () => {
    const server = stubServer();
    const { store, session } = await openSession();
    server.add({ content: 'edited', author: 'model', baseVersion: 1 });
    session.onRemoteVersion(2);
    store.apply([...documentEvents('edited', 'call2', 1), finish(2)]);
    const { viewKey } = session.state;
    expect(viewKey).toBe('call2');
    await vi.advanceTimersByTimeAsync(0);
    expect(session.state).toMatchObject({ viewKey, loading: false, detail: { version: 2 } });
  });

  it('follows the stream if nothing is unsaved, and stays in the same view', async () => {
    stubServer();
    const { store, session } = await openSession();
    store.apply(documentEvents('new'));
    expect(session.state).toMatchObject({ streamed: { content: 'new' }, viewKey: 'call1' });
    store.apply([{ type: 'text-delta', content: ' text' }, finish(2)]);
    expect(session.state).toMatchObject({
      streamed: null,
      viewKey: 'call1',
      editable: true,
      detail: { content: 'new text', version: 2, latest: 2, author: 'model' },
    });
  });

  it('shows the requested version while the model writes another', async () => {
    stubServer();
    const store = createDocumentStore();
    store.apply(documentEvents('second'));
    const session = new DocumentSession(ID, store);
    session.start(1);
    await vi.advanceTimersByTimeAsync(0);
    store.apply([{ type: 'text-delta', content: ' and more' }]);
    expect(session.state).toMatchObject({
      streamed: null,
      detail: { content: 'first', version: 1 },
    });
    store.apply([finish(2)]);
    expect(session.state).toMatchObject({ streamed: null, detail: { version: 1, latest: 2 } });
  });

  it('shows the changes of the model immediately if it had seen the latest edit of the user', async () => {
    const server = stubServer();
    const { store, session } = await openSession();
    session.edit(() => 'mine');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(session.state).toMatchObject({ detail: { version: 2 }, save: { status: 'saved' } });
    server.add({ content: 'mine, better', author: 'model', baseVersion: 2 });
    // A live event may arrive before the stream.
    session.onRemoteVersion(3);
    store.apply([...documentEvents('mine, better', 'call1', 2), finish(3)]);
    expect(session.state).toMatchObject({
      ...{ viewKey: 'call1', editable: true, conflictsWith: null },
      detail: { content: 'mine, better', version: 3, latest: 3 },
    });
  });

  it('stays at the requested older version while the model writes others', async () => {
    const server = stubServer();
    const { store, session } = await openSession();
    store.apply([...documentEvents('second', 'call1', 1), finish(2)]);
    server.add({ content: 'second', author: 'model', baseVersion: 1 });
    session.start(1);
    await vi.advanceTimersByTimeAsync(0);
    store.scrollToMessage('m1');
    expect(session.state.detail).toMatchObject({ version: 1, latest: 2 });
    store.apply(documentEvents('thi', 'call2', 2));
    expect(session.state.streamed).toMatchObject({ content: 'thi' });
    session.start(1);
    await vi.advanceTimersByTimeAsync(0);
    store.apply([{ type: 'text-delta', content: 'rd' }]);
    expect(session.state).toMatchObject({ streamed: null, detail: { version: 1 } });
    store.apply([finish(3)]);
    await vi.advanceTimersByTimeAsync(0);
    expect(session.state).toMatchObject({
      editable: false,
      detail: { version: 1, latest: 3 },
    });
  });

  it('reports why it was interrupted, even if it is opened later', async () => {
    stubServer();
    const store = createDocumentStore();
    const error = { type: 'error', content: 'The model broke off.' } as const;
    store.apply([...documentEvents('half'), error, finish(1)]);
    const session = new DocumentSession(ID, store);
    session.start(null);
    await vi.advanceTimersByTimeAsync(0);
    expect(session.state).toMatchObject({
      detail: { version: 1 },
      interruptedBy: 'The model broke off.',
    });
  });

  it('keeps its editor and both versions if the model writes during an edit', async () => {
    const server = stubServer();
    const { store, session } = await openSession();
    const { viewKey } = session.state;
    session.edit(() => 'mine');
    store.apply(documentEvents('theirs'));
    expect(session.state).toMatchObject({ streamed: null, keepingEdits: true, viewKey });
    await vi.advanceTimersByTimeAsync(0);
    server.add({ content: 'theirs', author: 'model', baseVersion: 1 });
    store.apply([finish(3)]);
    await vi.advanceTimersByTimeAsync(0);
    expect(session.state).toMatchObject({
      keepingEdits: false,
      editable: true,
      viewKey,
      detail: { version: 2, latest: 3 },
    });
    expect(session.content()).toBe('mine');
    await session.keepLocalVersion();
    expect(session.state).toMatchObject({
      viewKey,
      conflictsWith: null,
      detail: { version: 4, latest: 4 },
    });
    expect(server.versions.map(({ content }) => content)).toEqual([
      'first',
      'mine',
      'theirs',
      'mine',
    ]);
  });

  it('reports that the user saved on top of an unseen version', async () => {
    const server = stubServer();
    const { session } = await openSession();
    session.edit(() => 'mine');
    server.add({ content: 'theirs', author: 'model', baseVersion: 1 });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(session.state).toMatchObject({
      conflictsWith: 2,
      detail: { version: 3, latest: 3 },
    });
    // A session that opens the document later reports the reason too.
    expect((await openSession()).session.state.conflictsWith).toBe(2);
    session.acknowledgeConflict();
    expect(session.state.conflictsWith).toBe(null);
  });

  it('follows changes made elsewhere unless it is being edited', async () => {
    const server = stubServer();
    const { session } = await openSession();
    server.add({ content: 'elsewhere', author: 'user', baseVersion: 1 });
    session.onRemoteVersion(2);
    await vi.advanceTimersByTimeAsync(0);
    expect(session.state.detail).toMatchObject({ content: 'elsewhere', version: 2 });
    session.edit(() => 'mine');
    await vi.advanceTimersByTimeAsync(3_000);
    server.add({ content: 'again', author: 'user', baseVersion: 2 });
    session.onRemoteVersion(4);
    await vi.advanceTimersByTimeAsync(0);
    expect(session.state).toMatchObject({ editable: true, detail: { version: 3, latest: 4 } });
    expect(session.content()).toBe('mine');
  });

  it('shows the version that the user has opened, even if another one is announced while it loads', async () => {
    const server = stubServer();
    server.add({ content: 'second', author: 'user', baseVersion: 1 });
    const { session } = await openSession();
    const served = fetch;
    vi.stubGlobal('fetch', async (...request: Parameters<typeof fetch>) => {
      const response = await served(...request);
      server.add({ content: 'third', author: 'user', baseVersion: 2 });
      session.onRemoteVersion(3);
      return response;
    });
    session.show(1);
    await vi.advanceTimersByTimeAsync(0);
    expect(session.state).toMatchObject({
      editable: false,
      detail: { version: 1, content: 'first', latest: 3 },
    });
  });

  it('is restored to an older version by a new one', async () => {
    const server = stubServer();
    server.add({ content: 'second', author: 'model', baseVersion: 1 });
    const { session } = await openSession(1);
    await session.restore(1);
    expect(session.state.detail).toMatchObject({
      version: 3,
      content: 'first',
      author: 'user',
    });
    expect(server.versions).toHaveLength(3);
  });
});

describe('the draft of a crashed page', () => {
  const draft = { saveId: 's1', baseVersion: 1, content: 'unsaved', at: 0 };

  it('is saved once when the document is opened', async () => {
    const server = stubServer();
    await storeDraft(draft);
    const { session } = await openSession();
    expect(session.state.detail).toMatchObject({ version: 2, content: 'unsaved', latest: 2 });
    expect(listDocumentDrafts(ID)).toEqual([]);
    await openSession();
    expect(server.versions).toHaveLength(2);
  });

  it('is not saved while another tab edits the document, because that tab saves it', async () => {
    const server = stubServer();
    const { session } = await openSession();
    server.add({ content: 'theirs', author: 'user', baseVersion: 1 });
    await storeDraft({ ...draft, baseVersion: 2, content: 'theirs, longer' });
    session.onRemoteVersion(2);
    await vi.advanceTimersByTimeAsync(0);
    expect(session.state.detail).toMatchObject({ version: 2, content: 'theirs' });
    expect(listDocumentDrafts(ID)).toHaveLength(1);
    expect(server.versions).toHaveLength(2);
  });

  it('stays in the editor if the server rejects it', async () => {
    const server = stubServer();
    server.rejections.push(413, 413);
    await storeDraft(draft);
    const { session } = await openSession();
    expect(session.content()).toBe('unsaved');
    expect(session.state.detail?.content).toBe('unsaved');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(session.state.save).toMatchObject({ status: 'failed', permanent: true });
    expect(listDocumentDrafts(ID)).toHaveLength(1);
    expect(server.versions).toHaveLength(1);
  });
});

describe('the draft of another window', () => {
  const draft = { saveId: 's1', baseVersion: 1, content: 'theirs', at: 0 };

  it('is left to that window while it is open', async () => {
    const server = stubServer();
    const otherWindow = await storeDraftInOtherWindow(draft);
    const { session } = await openSession();
    expect(session.state.detail).toMatchObject({ version: 1, content: 'first' });
    expect(listDocumentDrafts(ID)).toMatchObject([{ draft }]);
    otherWindow.confirmSave();
    await vi.advanceTimersByTimeAsync(0);
    expect(server.versions).toHaveLength(1);
  });

  it('is saved and displayed once that window has closed without saving it', async () => {
    const server = stubServer();
    const otherWindow = await storeDraftInOtherWindow(draft);
    const { session } = await openSession();
    otherWindow.close();
    await vi.advanceTimersByTimeAsync(0);
    expect(server.versions).toHaveLength(2);
    expect(session.state.detail).toMatchObject({ version: 2, content: 'theirs', latest: 2 });
    expect(listDocumentDrafts(ID)).toEqual([]);
  });

  it('stays stored if the document is closed first, for the next time it is opened', async () => {
    const server = stubServer();
    const otherWindow = await storeDraftInOtherWindow(draft);
    const { session } = await openSession();
    session.stop();
    otherWindow.close();
    await vi.advanceTimersByTimeAsync(0);
    expect(server.versions).toHaveLength(1);
    const { session: nextSession } = await openSession();
    expect(nextSession.state.detail).toMatchObject({ version: 2, content: 'theirs' });
  });

  it('stays stored if the server rejects it after that window has closed', async () => {
    const server = stubServer();
    const otherWindow = await storeDraftInOtherWindow(draft);
    await openSession();
    server.rejections.push(413);
    otherWindow.close();
    await vi.advanceTimersByTimeAsync(0);
    expect(server.versions).toHaveLength(1);
    expect(listDocumentDrafts(ID)).toMatchObject([{ draft }]);
  });

  it('is saved at once where the browser has no locks: nothing shows that it is in use', async () => {
    vi.stubGlobal('navigator', {});
    const server = stubServer();
    await storeDraftInOtherWindow(draft);
    const { session } = await openSession();
    expect(session.state.detail).toMatchObject({ version: 2, content: 'theirs' });
    expect(server.versions).toHaveLength(2);
  });
});
