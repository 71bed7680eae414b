import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  Autosave,
  type AutosaveDependencies,
  type SaveState,
} from '@/lib/client/documents/autosave';
import { documentDraftKey, listDocumentDrafts } from '@/lib/client/documents/document-drafts';
import { postVersion } from '@/lib/client/documents/requests';
import { RequestError } from '@/lib/client/http/request-error';
import type { SavedVersion } from '@/lib/protocol/api';
import { memoryStorage } from '@/tests/support/memory-storage';

const KEY = documentDraftKey('d1', 'e1');

type Save = AutosaveDependencies['save'];

function createAutosave(save: Save) {
  const states: SaveState['status'][] = [];
  const saved: [SavedVersion, string][] = [];
  const saver = new Autosave(
    {
      documentId: 'd1',
      draftKey: KEY,
      version: 3,
      content: 'as it was',
      onStateChange: ({ status }) => states.push(status),
      onSaved: (version, content) => saved.push([version, content]),
    },
    { save },
  );
  return { saver, states, saved };
}

/** A server that assigns the next version number once per saveId. */
function stubSave() {
  const savedVersions = new Map<string, number>();
  return vi.fn<Save>(async (_id, { saveId }) => {
    const version = savedVersions.get(saveId) ?? 4 + savedVersions.size;
    savedVersions.set(saveId, version);
    return { version, latest: 3 + savedVersions.size };
  });
}

const contents = (save: ReturnType<typeof stubSave>) =>
  save.mock.calls.map(([, body]) => ('content' in body ? body.content : undefined));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
  vi.stubGlobal('localStorage', memoryStorage());
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('an edit', () => {
  it('is stored in the browser within half a second and on the server after a pause', async () => {
    const save = stubSave();
    const { saver, states, saved } = createAutosave(save);
    saver.edit(() => 'one');
    await vi.advanceTimersByTimeAsync(500);
    expect(listDocumentDrafts('d1')).toMatchObject([
      { key: KEY, draft: { content: 'one', baseVersion: 3 } },
    ]);
    expect(save).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1_100);
    expect(save).toHaveBeenCalledTimes(1);
    expect(saved).toEqual([[{ version: 4, latest: 4 }, 'one']]);
    expect(listDocumentDrafts('d1')).toEqual([]);
    expect(states).toEqual(['unsaved', 'saving', 'saved']);
    expect(saver.dirty).toBe(false);
  });

  it('is saved every ten seconds during continuous typing', async () => {
    const save = stubSave();
    const { saver } = createAutosave(save);
    for (let second = 0; second < 21; second += 1) {
      const content = `after ${second} s`;
      saver.edit(() => content);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(save).toHaveBeenCalledTimes(2);
  });

  it('is serialized only when it is saved', async () => {
    const { saver } = createAutosave(stubSave());
    const read = vi.fn(() => 'text');
    for (let key = 0; key < 100; key += 1) saver.edit(read);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('that changes nothing creates no version', async () => {
    const save = stubSave();
    const { saver, states } = createAutosave(save);
    saver.edit(() => 'as it was');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(save).not.toHaveBeenCalled();
    expect(states.at(-1)).toBe('saved');
    saver.edit(() => 'new');
    await vi.advanceTimersByTimeAsync(500);
    saver.edit(() => 'as it was');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(save).not.toHaveBeenCalled();
    expect(listDocumentDrafts('d1')).toEqual([]);
  });

  it('during a save is based on the version that the save creates', async () => {
    const save = stubSave();
    let respond = () => {};
    save.mockImplementationOnce(
      () =>
        new Promise((resolve) => {
          respond = () => resolve({ version: 4, latest: 4 });
        }),
    );
    const { saver } = createAutosave(save);
    saver.edit(() => 'one');
    await vi.advanceTimersByTimeAsync(1_600);
    saver.edit(() => 'one two');
    await vi.advanceTimersByTimeAsync(3_000);
    expect(save).toHaveBeenCalledTimes(1);
    respond();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(save.mock.calls.map(([, { baseVersion }]) => baseVersion)).toEqual([3, 4]);
    expect(contents(save)).toEqual(['one', 'one two']);
    expect(saver.dirty).toBe(false);
  });

  it('is sent immediately when the page is left, even during the same save', async () => {
    const save = stubSave();
    const { saver } = createAutosave(save);
    saver.edit(() => 'last words');
    saver.flush(true);
    expect(save).toHaveBeenCalledTimes(1);
    expect(save.mock.calls[0]?.[2]).toBe(true);
    saver.flush(true);
    const [first, second] = save.mock.calls.map(([, { saveId }]) => saveId);
    expect(second).toBe(first);
    await vi.advanceTimersByTimeAsync(0);
    expect(saver.dirty).toBe(false);
  });
});

describe('an edit that cannot be saved', () => {
  const unreachable = new RequestError('network', 'Couldn’t reach the server.', 0);

  it('is retried with the same id until it is stored', async () => {
    const save = stubSave();
    save.mockRejectedValueOnce(unreachable).mockRejectedValueOnce(unreachable);
    const { saver, states } = createAutosave(save);
    saver.edit(() => 'one');
    await vi.advanceTimersByTimeAsync(1_600);
    expect(saver.state).toEqual({
      status: 'failed',
      message: 'Couldn’t reach the server.',
      permanent: false,
    });
    expect(listDocumentDrafts('d1')).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(save).toHaveBeenCalledTimes(3);
    expect(new Set(save.mock.calls.map(([, { saveId }]) => saveId)).size).toBe(1);
    expect(states.at(-1)).toBe('saved');
    expect(listDocumentDrafts('d1')).toEqual([]);
  });

  it('waits for the next edit and stays in the browser if the server rejects it', async () => {
    const save = stubSave();
    save.mockRejectedValueOnce(new RequestError('body_too_large', 'Too large.', 413));
    const { saver } = createAutosave(save);
    saver.edit(() => 'too much');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(save).toHaveBeenCalledTimes(1);
    expect(saver.state).toMatchObject({ status: 'failed', permanent: true });
    expect(listDocumentDrafts('d1')).toHaveLength(1);
    saver.edit(() => 'less');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(contents(save)).toEqual(['too much', 'less']);
    expect(listDocumentDrafts('d1')).toEqual([]);
  });

  it('is sent to the server sooner if the browser cannot store it', async () => {
    vi.stubGlobal('localStorage', undefined);
    const save = stubSave();
    const { saver } = createAutosave(save);
    saver.edit(() => 'one');
    await vi.advanceTimersByTimeAsync(500);
    expect(contents(save)).toEqual(['one']);
  });
});

describe('a document that is too long', () => {
  it.each(['x'.repeat(1_048_577), '字'.repeat(350_000)])(
    'is rejected with a clear error and without a request',
    async (content) => {
      const fetch = vi.fn();
      vi.stubGlobal('fetch', fetch);
      const body = { saveId: 's1', baseVersion: 1, content };
      await expect(postVersion('d1', body)).rejects.toMatchObject({
        code: 'document_too_long',
        status: 413,
        message: 'The document is too long: the limit is 1 MB. Shorten it.',
      });
      expect(fetch).not.toHaveBeenCalled();
    },
  );
});
