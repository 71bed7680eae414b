import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ApiInit } from '@/lib/client/http/api';
import type { StoredUserSettings, UserSettingsChange } from '@/lib/protocol/user-settings';

type Call = { change: UserSettingsChange | undefined; settle: PromiseWithResolvers<unknown> };

const { calls } = vi.hoisted(() => ({ calls: [] as Call[] }));
vi.mock('@/lib/client/http/api', () => ({
  api: (_path: string, init: ApiInit = {}) => {
    let resolve: (value: unknown) => void = () => {};
    let reject: (reason: unknown) => void = () => {};
    const promise = new Promise((onResolve, onReject) => {
      resolve = onResolve;
      reject = onReject;
    });
    calls.push({
      change: init.json as UserSettingsChange | undefined,
      settle: { promise, resolve, reject },
    });
    return promise;
  },
}));
vi.mock('@/lib/client/browser/toast', () => ({ toast: { error: vi.fn() } }));

type Store = typeof import('@/lib/client/settings/settings-store');
let store: Store;
let RequestError: typeof import('@/lib/client/http/request-error').RequestError;

beforeEach(async () => {
  calls.length = 0;
  vi.resetModules();
  store = await import('@/lib/client/settings/settings-store');
  ({ RequestError } = await import('@/lib/client/http/request-error'));
});

const answer = async (call: number, stored: StoredUserSettings) => {
  calls[call]?.settle.resolve(stored);
  await vi.waitFor(() => expect(calls[call]?.settle.promise).resolves.toBeDefined());
};
const fail = (call: number, error: unknown) => calls[call]?.settle.reject(error);

describe('a change of settings', () => {
  it('applies at once, and changes are sent one after the other', async () => {
    store.saveUserSettings({ theme: 'dark' });
    store.saveUserSettings({ textSize: 'large' });
    expect(store.getUserSettings()).toMatchObject({ theme: 'dark', textSize: 'large' });
    expect(calls.map(({ change }) => change)).toEqual([{ theme: 'dark' }]);

    await answer(0, { theme: 'dark', name: 'Ada' });
    await vi.waitFor(() => expect(calls).toHaveLength(2));
    expect(store.getUserSettings()).toMatchObject({
      theme: 'dark',
      textSize: 'large',
      name: 'Ada',
    });
    expect(calls[1]?.change).toEqual({ textSize: 'large' });
  });

  it('survives an outage of the server and is sent again', async () => {
    store.saveUserSettings({ theme: 'dark' });
    fail(0, new RequestError('network', 'Couldn’t reach the server.', 0));
    await vi.waitFor(() => {
      store.loadUserSettings().catch(() => {});
      expect(calls).toHaveLength(2);
    });
    expect(store.getUserSettings().theme).toBe('dark');
    expect(calls[1]?.change).toEqual({ theme: 'dark' });
  });

  it('is reverted if the server rejects it', async () => {
    store.saveUserSettings({ name: 'x'.repeat(1_000) });
    fail(0, new RequestError('bad_request', 'Too long.', 400));
    await vi.waitFor(() => expect(store.getUserSettings().name).toBe(''));
  });

  it('is not overwritten by settings that were requested before it', async () => {
    const loading = store.loadUserSettings();
    store.saveUserSettings({ theme: 'dark' });
    await answer(1, { theme: 'dark' });
    await answer(0, { theme: 'light' });
    await loading;
    expect(store.getUserSettings().theme).toBe('dark');
  });
});
