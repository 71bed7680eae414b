import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loadOnInteraction } from '@/lib/client/browser/toast';

let page: EventTarget;
beforeEach(() => {
  page = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
});
afterEach(() => vi.unstubAllGlobals());

/** Dispatches the event and waits until the load that it may start has settled. */
async function interact(type: 'pointerdown' | 'keydown'): Promise<void> {
  page.dispatchEvent(new Event(type));
  await nextTurn();
}

test('toasts are loaded by a later interaction if the server was unreachable at the first one', async () => {
  const load = vi.fn<() => Promise<void>>().mockRejectedValueOnce(new Error('unreachable'));
  load.mockResolvedValue();
  loadOnInteraction(load);
  expect(load).not.toHaveBeenCalled();
  await interact('keydown');
  expect(load).toHaveBeenCalledTimes(1);
  await interact('pointerdown');
  expect(load).toHaveBeenCalledTimes(2);
  await interact('keydown');
  expect(load).toHaveBeenCalledTimes(2);
});

test('an interaction while toasts are being loaded does not load them again', async () => {
  const load = vi.fn(() => new Promise<void>(() => {}));
  loadOnInteraction(load);
  await interact('keydown');
  await interact('keydown');
  expect(load).toHaveBeenCalledTimes(1);
});
