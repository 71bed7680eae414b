import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Draft, draftKey, draftsOf, writeDraft } from '@/lib/client/artifact/drafts';
import { DocumentSession } from '@/lib/client/artifact/session';
import { createArtifactStore } from '@/lib/client/artifact/store';
import { ensureSession } from '@/lib/client/http';
import type { DocumentDetail, SaveVersionBody } from '@/lib/protocol/api';
import type { StreamEvent } from '@/lib/protocol/events';
import { memoryStorage } from '@/tests/support/memory-storage';

const ID = 'd1';

type Version = { content: string; author: 'model' | 'user'; baseVersion: number | null };

/** A server that knows one document. */
function serve() {
  const versions: Version[] = [{ content: 'first', author: 'model', baseVersion: null }];
  const saves = new Map<string, number>();
  const server = {
    versions,
    /** Status codes that the next saves get instead. */
    refusals: [] as number[],
    add: (version: Version) => versions.push(version),
  };
  const answer = (status: number, body: unknown) =>
    new Response(JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/json' },
    });
  vi.stubGlobal('fetch', async (path: string, init: RequestInit = {}) => {
    if (path === '/api/session') return answer(200, { user: { id: 'ada', anonymous: false } });
    if (init.method === 'POST') {
      const refusal = server.refusals.shift();
      if (refusal) return answer(refusal, { code: 'body_too_large', message: 'Refused.' });
      const body = JSON.parse(String(init.body)) as SaveVersionBody;
      if (!saves.has(body.saveId)) {
        const restored = 'restore' in body ? versions[body.restore - 1]?.content : undefined;
        const content = 'content' in body ? body.content : (restored ?? '');
        server.add({ content, author: 'user', baseVersion: body.baseVersion });
        saves.set(body.saveId, versions.length);
      }
      return answer(200, { version: saves.get(body.saveId), latest: versions.length });
    }
    const version = Number(/version=(\d+)/.exec(path)?.[1] ?? versions.length);
    const detail: DocumentDetail = {
      ...{ id: ID, chatId: 'c1', title: 'Plan', kind: 'text', language: null, complete: true },
      ...(versions[version - 1] as Version),
      ...{ version, latest: versions.length },
    };
    return answer(200, detail);
  });
  return server;
}

const writing = (content: string, call = 'call1', baseVersion?: number): StreamEvent[] => [
  { type: 'kind', content: 'text' },
  { type: 'id', content: ID },
  { type: 'title', content: 'Plan' },
  { type: 'clear', content: call, ...(baseVersion && { baseVersion }) },
  { type: 'text-delta', content },
];
const finish = (version: number): StreamEvent => ({ type: 'finish', content: String(version) });

async function open(version: number | null = null, hasFocus = () => false) {
  const store = createArtifactStore();
  const session = new DocumentSession(ID, store, hasFocus);
  session.start(version);
  await vi.advanceTimersByTimeAsync(0);
  return { store, session };
}

/** As an earlier page of this account left it. */
async function leaveDraft(draft: Draft): Promise<void> {
  await ensureSession();
  writeDraft(draftKey(ID, 'old'), draft);
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
  vi.stubGlobal('localStorage', memoryStorage());
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('an open document', () => {
  it('is edited in its newest version and read in others', async () => {
    const server = serve();
    server.add({ content: 'second', author: 'model', baseVersion: 1 });
    const { session } = await open();
    expect(session.get()).toMatchObject({ editable: true, detail: { version: 2 } });
    session.show(1);
    await vi.advanceTimersByTimeAsync(0);
    expect(session.get()).toMatchObject({
      editable: false,
      detail: { content: 'first', latest: 2 },
    });
  });

  it('comes in the version that was asked for, also where it could not be loaded at first', async () => {
    const server = serve();
    server.add({ content: 'second', author: 'model', baseVersion: 1 });
    const served = fetch;
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('Failed to fetch');
    });
    const { session } = await open(1);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(session.get()).toMatchObject({ detail: null, problem: expect.any(String) });
    vi.stubGlobal('fetch', served);
    session.hear(2);
    await vi.advanceTimersByTimeAsync(0);
    expect(session.get().detail).toMatchObject({ version: 1, content: 'first', latest: 2 });
  });

  it('keeps its editor when what it holds is saved', async () => {
    const server = serve();
    const { session } = await open();
    const { viewKey } = session.get();
    session.edit(() => 'mine');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(server.versions.at(-1)).toMatchObject({ content: 'mine', baseVersion: 1 });
    expect(session.get()).toMatchObject({
      viewKey,
      editable: true,
      detail: { version: 2, latest: 2, author: 'user' },
      save: { status: 'saved' },
      beside: null,
    });
    // The news of it comes a second time, by the live events.
    session.hear(2);
    await vi.advanceTimersByTimeAsync(0);
    expect(session.get().viewKey).toBe(viewKey);
  });

  it('keeps its editor, and all that is typed, where it is asked for once more', async () => {
    const server = serve();
    const { session } = await open();
    const { viewKey } = session.get();
    for (const [asked, typed] of [
      [null, 'mine'],
      [2, 'mine, longer'],
    ] as const) {
      session.start(asked);
      session.edit(() => typed);
      await vi.advanceTimersByTimeAsync(2_000);
      expect(session.get()).toMatchObject({ viewKey, loading: false, save: { status: 'saved' } });
    }
    expect(server.versions.map(({ content }) => content)).toEqual([
      'first',
      'mine',
      'mine, longer',
    ]);
    // Another one is on its way, and not wanted any more.
    session.show(1);
    session.show(null);
    await vi.advanceTimersByTimeAsync(0);
    expect(session.get()).toMatchObject({ viewKey, loading: false, detail: { version: 3 } });
  });

  it('keeps its editor where its user writes on before another version has come', async () => {
    const server = serve();
    server.add({ content: 'second', author: 'model', baseVersion: 1 });
    const { session } = await open();
    const { viewKey } = session.get();
    for (const typed of ['mine', 'mine, longer']) {
      session.show(1);
      expect(session.get()).toMatchObject({ loading: true, wanted: 1 });
      session.edit(() => typed);
      await vi.advanceTimersByTimeAsync(2_000);
      expect(session.get()).toMatchObject({ viewKey, loading: false, wanted: null });
      expect(server.versions.at(-1)?.content).toBe(typed);
    }
  });

  it('is not replaced by news while its user is in it, and tells of them', async () => {
    const server = serve();
    let focused = true;
    const { session } = await open(null, () => focused);
    const { viewKey } = session.get();
    server.add({ content: 'theirs', author: 'user', baseVersion: 1 });
    session.hear(2);
    await vi.advanceTimersByTimeAsync(0);
    expect(session.get()).toMatchObject({ viewKey, detail: { version: 1, latest: 2 } });
    session.show(2);
    await vi.advanceTimersByTimeAsync(0);
    expect(session.get().detail).toMatchObject({ version: 2, content: 'theirs' });
    focused = false;
    server.add({ content: 'theirs again', author: 'user', baseVersion: 2 });
    session.hear(3);
    await vi.advanceTimersByTimeAsync(0);
    expect(session.get().detail).toMatchObject({ version: 3, content: 'theirs again' });
  });

  it('is left to its user where the model writes while they do, saved or not', async () => {
    const server = serve();
    let focused = true;
    const { store, session } = await open(null, () => focused);
    const { viewKey } = session.get();
    session.edit(() => 'mine');
    await vi.advanceTimersByTimeAsync(3_000);
    expect(session.get().save).toEqual({ status: 'saved' });
    // All at once, and piece by piece.
    server.add({ content: 'edited', author: 'model', baseVersion: 2 });
    store.apply([...writing('edited', 'call2', 2), finish(3)]);
    await vi.advanceTimersByTimeAsync(0);
    expect(session.get()).toMatchObject({ viewKey, live: null, detail: { version: 2, latest: 3 } });
    store.apply(writing('anew', 'call3', 2));
    expect(session.get()).toMatchObject({ viewKey, live: null, aside: true });
    server.add({ content: 'anew', author: 'model', baseVersion: 2 });
    store.apply([finish(4)]);
    expect(session.get()).toMatchObject({ viewKey, aside: false, detail: { latest: 4 } });
    // Who has asked for it and waits elsewhere sees it come.
    focused = false;
    store.apply(writing('once more', 'call4', 2));
    expect(session.get().live).toMatchObject({ content: 'once more' });
  });

  it('begins once where news tells of what the stream has brought already', async () => {
    const server = serve();
    const { store, session } = await open();
    server.add({ content: 'edited', author: 'model', baseVersion: 1 });
    session.hear(2);
    store.apply([...writing('edited', 'call2', 1), finish(2)]);
    const { viewKey } = session.get();
    expect(viewKey).toBe('call2');
    await vi.advanceTimersByTimeAsync(0);
    expect(session.get()).toMatchObject({ viewKey, loading: false, detail: { version: 2 } });
  });

  it('is followed live where nothing is unsaved, and goes on in the same view', async () => {
    serve();
    const { store, session } = await open();
    store.apply(writing('new'));
    expect(session.get()).toMatchObject({ live: { content: 'new' }, viewKey: 'call1' });
    store.apply([{ type: 'text-delta', content: ' text' }, finish(2)]);
    expect(session.get()).toMatchObject({
      live: null,
      viewKey: 'call1',
      editable: true,
      detail: { content: 'new text', version: 2, latest: 2, author: 'model' },
    });
  });

  it('is read in the version that was asked for while the model writes another', async () => {
    serve();
    const store = createArtifactStore();
    store.apply(writing('second'));
    const session = new DocumentSession(ID, store);
    session.start(1);
    await vi.advanceTimersByTimeAsync(0);
    store.apply([{ type: 'text-delta', content: ' and more' }]);
    expect(session.get()).toMatchObject({ live: null, detail: { content: 'first', version: 1 } });
    store.apply([finish(2)]);
    expect(session.get()).toMatchObject({ live: null, detail: { version: 1, latest: 2 } });
  });

  it('shows what the model changed at once, however lately the person wrote what it had seen', async () => {
    const server = serve();
    const { store, session } = await open();
    session.edit(() => 'mine');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(session.get()).toMatchObject({ detail: { version: 2 }, save: { status: 'saved' } });
    server.add({ content: 'mine, better', author: 'model', baseVersion: 2 });
    // The live events may be quicker than the stream.
    session.hear(3);
    store.apply([...writing('mine, better', 'call1', 2), finish(3)]);
    expect(session.get()).toMatchObject({
      ...{ viewKey: 'call1', editable: true, beside: null },
      detail: { content: 'mine, better', version: 3, latest: 3 },
    });
  });

  it('stays at the older version that was asked for, whatever is or was written', async () => {
    const server = serve();
    const { store, session } = await open();
    store.apply([...writing('second', 'call1', 1), finish(2)]);
    server.add({ content: 'second', author: 'model', baseVersion: 1 });
    session.start(1);
    await vi.advanceTimersByTimeAsync(0);
    store.refer(null);
    expect(session.get().detail).toMatchObject({ version: 1, latest: 2 });
    store.apply(writing('thi', 'call2', 2));
    expect(session.get().live).toMatchObject({ content: 'thi' });
    session.start(1);
    await vi.advanceTimersByTimeAsync(0);
    store.apply([{ type: 'text-delta', content: 'rd' }]);
    expect(session.get()).toMatchObject({ live: null, detail: { version: 1 } });
    store.apply([finish(3)]);
    await vi.advanceTimersByTimeAsync(0);
    expect(session.get()).toMatchObject({ editable: false, detail: { version: 1, latest: 3 } });
  });

  it('says why it broke off, also where it is opened only then', async () => {
    serve();
    const store = createArtifactStore();
    const error = { type: 'error', content: 'The model broke off.' } as const;
    store.apply([...writing('half'), error, finish(1)]);
    const session = new DocumentSession(ID, store);
    session.start(null);
    await vi.advanceTimersByTimeAsync(0);
    expect(session.get()).toMatchObject({ detail: { version: 1 }, broke: 'The model broke off.' });
  });

  it('stays under the hands of whoever edits it while the model writes, and both are kept', async () => {
    const server = serve();
    const { store, session } = await open();
    const { viewKey } = session.get();
    session.edit(() => 'mine');
    store.apply(writing('theirs'));
    expect(session.get()).toMatchObject({ live: null, aside: true, viewKey });
    await vi.advanceTimersByTimeAsync(0);
    server.add({ content: 'theirs', author: 'model', baseVersion: 1 });
    store.apply([finish(3)]);
    await vi.advanceTimersByTimeAsync(0);
    expect(session.get()).toMatchObject({
      aside: false,
      editable: true,
      viewKey,
      detail: { version: 2, latest: 3 },
    });
    expect(session.content()).toBe('mine');
    await session.keepMine();
    expect(session.get()).toMatchObject({
      viewKey,
      beside: null,
      detail: { version: 4, latest: 4 },
    });
    expect(server.versions.map(({ content }) => content)).toEqual([
      'first',
      'mine',
      'theirs',
      'mine',
    ]);
  });

  it('says where the person wrote beside a version that they had not seen', async () => {
    const server = serve();
    const { session } = await open();
    session.edit(() => 'mine');
    server.add({ content: 'theirs', author: 'model', baseVersion: 1 });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(session.get()).toMatchObject({ beside: 2, detail: { version: 3, latest: 3 } });
    // Also to whoever opens it later.
    expect((await open()).session.get().beside).toBe(2);
    session.dismiss();
    expect(session.get().beside).toBe(null);
  });

  it('follows what is made elsewhere, unless it is being edited', async () => {
    const server = serve();
    const { session } = await open();
    server.add({ content: 'elsewhere', author: 'user', baseVersion: 1 });
    session.hear(2);
    await vi.advanceTimersByTimeAsync(0);
    expect(session.get().detail).toMatchObject({ content: 'elsewhere', version: 2 });
    session.edit(() => 'mine');
    await vi.advanceTimersByTimeAsync(3_000);
    server.add({ content: 'again', author: 'user', baseVersion: 2 });
    session.hear(4);
    await vi.advanceTimersByTimeAsync(0);
    expect(session.get()).toMatchObject({ editable: true, detail: { version: 3, latest: 4 } });
    expect(session.content()).toBe('mine');
  });

  it('shows the version that its user has chosen, whatever is announced while that is loaded', async () => {
    const server = serve();
    server.add({ content: 'second', author: 'user', baseVersion: 1 });
    const { session } = await open();
    const served = fetch;
    vi.stubGlobal('fetch', async (...request: Parameters<typeof fetch>) => {
      const answer = await served(...request);
      server.add({ content: 'third', author: 'user', baseVersion: 2 });
      session.hear(3);
      return answer;
    });
    session.show(1);
    await vi.advanceTimersByTimeAsync(0);
    expect(session.get()).toMatchObject({
      editable: false,
      detail: { version: 1, content: 'first', latest: 3 },
    });
  });

  it('is restored to an older version by a new one', async () => {
    const server = serve();
    server.add({ content: 'second', author: 'model', baseVersion: 1 });
    const { session } = await open(1);
    await session.restore(1);
    expect(session.get().detail).toMatchObject({ version: 3, content: 'first', author: 'user' });
    expect(server.versions).toHaveLength(3);
  });
});

describe('the draft of a page that crashed', () => {
  const draft = { saveId: 's1', baseVersion: 1, content: 'unsaved', at: 0 };

  it('is saved when the document is opened, once', async () => {
    const server = serve();
    await leaveDraft(draft);
    const { session } = await open();
    expect(session.get().detail).toMatchObject({ version: 2, content: 'unsaved', latest: 2 });
    expect(draftsOf(ID)).toEqual([]);
    await open();
    expect(server.versions).toHaveLength(2);
  });

  it('is left alone where another window is followed: it is of the editor that is typed in there', async () => {
    const server = serve();
    const { session } = await open();
    server.add({ content: 'theirs', author: 'user', baseVersion: 1 });
    await leaveDraft({ ...draft, baseVersion: 2, content: 'theirs, longer' });
    session.hear(2);
    await vi.advanceTimersByTimeAsync(0);
    expect(session.get().detail).toMatchObject({ version: 2, content: 'theirs' });
    expect(draftsOf(ID)).toHaveLength(1);
    expect(server.versions).toHaveLength(2);
  });

  it('goes on in the editor where the server will not take it', async () => {
    const server = serve();
    server.refusals.push(413, 413);
    await leaveDraft(draft);
    const { session } = await open();
    expect(session.content()).toBe('unsaved');
    expect(session.get().detail?.content).toBe('unsaved');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(session.get().save).toMatchObject({ status: 'failed', final: true });
    expect(draftsOf(ID)).toHaveLength(1);
    expect(server.versions).toHaveLength(1);
  });
});
