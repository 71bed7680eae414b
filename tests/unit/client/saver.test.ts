import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { draftKey, draftsOf } from '@/lib/client/artifact/drafts';
import { saveVersion } from '@/lib/client/artifact/requests';
import { Saver, type SaverSeams, type SaveState } from '@/lib/client/artifact/saver';
import { RequestError } from '@/lib/client/http';
import type { SavedVersion } from '@/lib/protocol/api';
import { memoryStorage } from '@/tests/support/memory-storage';

const KEY = draftKey('d1', 'e1');

type Save = SaverSeams['save'];

function open(save: Save) {
  const states: SaveState['status'][] = [];
  const saved: [SavedVersion, string][] = [];
  const saver = new Saver(
    {
      documentId: 'd1',
      draftKey: KEY,
      version: 3,
      content: 'as it was',
      onState: ({ status }) => states.push(status),
      onSaved: (version, content) => saved.push([version, content]),
    },
    { save },
  );
  return { saver, states, saved };
}

/** A server that gives the next number, once for each saveId. */
function server() {
  const known = new Map<string, number>();
  return vi.fn<Save>(async (_id, { saveId }) => {
    const version = known.get(saveId) ?? 4 + known.size;
    known.set(saveId, version);
    return { version, latest: 3 + known.size };
  });
}

const contents = (save: ReturnType<typeof server>) =>
  save.mock.calls.map(([, body]) => ('content' in body ? body.content : undefined));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
  vi.stubGlobal('localStorage', memoryStorage());
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('what the person edits', () => {
  it('is in the browser within half a second and at the server once they pause', async () => {
    const save = server();
    const { saver, states, saved } = open(save);
    saver.edit(() => 'one');
    await vi.advanceTimersByTimeAsync(500);
    expect(draftsOf('d1')).toMatchObject([{ key: KEY, draft: { content: 'one', baseVersion: 3 } }]);
    expect(save).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1_100);
    expect(save).toHaveBeenCalledTimes(1);
    expect(saved).toEqual([[{ version: 4, latest: 4 }, 'one']]);
    expect(draftsOf('d1')).toEqual([]);
    expect(states).toEqual(['unsaved', 'saving', 'saved']);
    expect(saver.dirty).toBe(false);
  });

  it('is saved every ten seconds where they never pause', async () => {
    const save = server();
    const { saver } = open(save);
    for (let second = 0; second < 21; second += 1) {
      const content = `after ${second} s`;
      saver.edit(() => content);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(save).toHaveBeenCalledTimes(2);
  });

  it('is written out only when it is saved', async () => {
    const { saver } = open(server());
    const read = vi.fn(() => 'text');
    for (let key = 0; key < 100; key += 1) saver.edit(read);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('makes no version where it comes to nothing', async () => {
    const save = server();
    const { saver, states } = open(save);
    saver.edit(() => 'as it was');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(save).not.toHaveBeenCalled();
    expect(states.at(-1)).toBe('saved');
    saver.edit(() => 'new');
    await vi.advanceTimersByTimeAsync(500);
    saver.edit(() => 'as it was');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(save).not.toHaveBeenCalled();
    expect(draftsOf('d1')).toEqual([]);
  });

  it('while a save is under way is made from the version that it becomes', async () => {
    const save = server();
    let answer = () => {};
    save.mockImplementationOnce(
      () =>
        new Promise((resolve) => {
          answer = () => resolve({ version: 4, latest: 4 });
        }),
    );
    const { saver } = open(save);
    saver.edit(() => 'one');
    await vi.advanceTimersByTimeAsync(1_600);
    saver.edit(() => 'one two');
    await vi.advanceTimersByTimeAsync(3_000);
    expect(save).toHaveBeenCalledTimes(1);
    answer();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(save.mock.calls.map(([, { baseVersion }]) => baseVersion)).toEqual([3, 4]);
    expect(contents(save)).toEqual(['one', 'one two']);
    expect(saver.dirty).toBe(false);
  });

  it('goes out at once when the page is left, even while the same is under way', async () => {
    const save = server();
    const { saver } = open(save);
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

describe('where it cannot be saved', () => {
  const unreachable = new RequestError('network', 'The server cannot be reached.', 0);

  it('it is tried again under the same id until it is there', async () => {
    const save = server();
    save.mockRejectedValueOnce(unreachable).mockRejectedValueOnce(unreachable);
    const { saver, states } = open(save);
    saver.edit(() => 'one');
    await vi.advanceTimersByTimeAsync(1_600);
    expect(saver.state).toEqual({
      status: 'failed',
      message: 'The server cannot be reached.',
      final: false,
    });
    expect(draftsOf('d1')).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(save).toHaveBeenCalledTimes(3);
    expect(new Set(save.mock.calls.map(([, { saveId }]) => saveId)).size).toBe(1);
    expect(states.at(-1)).toBe('saved');
    expect(draftsOf('d1')).toEqual([]);
  });

  it('because the server refuses, it waits for the next edit and stays in the browser', async () => {
    const save = server();
    save.mockRejectedValueOnce(new RequestError('body_too_large', 'Too large.', 413));
    const { saver } = open(save);
    saver.edit(() => 'too much');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(save).toHaveBeenCalledTimes(1);
    expect(saver.state).toMatchObject({ status: 'failed', final: true });
    expect(draftsOf('d1')).toHaveLength(1);
    saver.edit(() => 'less');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(contents(save)).toEqual(['too much', 'less']);
    expect(draftsOf('d1')).toEqual([]);
  });

  it('nor kept in the browser, it goes to the server sooner', async () => {
    vi.stubGlobal('localStorage', undefined);
    const save = server();
    const { saver } = open(save);
    saver.edit(() => 'one');
    await vi.advanceTimersByTimeAsync(500);
    expect(contents(save)).toEqual(['one']);
  });
});

describe('a document that is too long', () => {
  it.each(['x'.repeat(1_048_577), '字'.repeat(350_000)])(
    'is refused in plain words without a request',
    async (content) => {
      const fetch = vi.fn();
      vi.stubGlobal('fetch', fetch);
      const body = { saveId: 's1', baseVersion: 1, content };
      await expect(saveVersion('d1', body)).rejects.toMatchObject({
        code: 'document_too_long',
        status: 413,
        message: 'The document is too long: it may hold 1 MB at most. Shorten it.',
      });
      expect(fetch).not.toHaveBeenCalled();
    },
  );
});
