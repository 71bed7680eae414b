/** Controls a model server that runs in another process. */
import { waitUntil } from '@/tests/support/wait-until';
import type { ControlBody, ControlState } from './';

export type ModelServerControl = {
  set(body: ControlBody): Promise<ControlState>;
  state(): Promise<ControlState>;
  /**
   * Polls until `predicate` accepts the state, and returns that state.
   * @throws after `timeoutMs` (default 5,000)
   */
  waitFor(predicate: (state: ControlState) => boolean, timeoutMs?: number): Promise<ControlState>;
};

/** @param baseUrl the server's `baseUrl`, which ends in `/v1` */
export function controlModelServer(baseUrl: string): ModelServerControl {
  const controlUrl = new URL('/control', baseUrl);

  async function call(init: RequestInit): Promise<ControlState> {
    const response = await fetch(controlUrl, init);
    return (await response.json()) as ControlState;
  }

  const state = () => call({ method: 'GET' });
  return {
    state,
    set: (body) => call({ method: 'POST', body: JSON.stringify(body) }),
    waitFor: (predicate, timeoutMs = 5_000) =>
      waitUntil(async () => {
        const now = await state();
        if (predicate(now)) return now;
        throw new Error('The model server did not come to that state.');
      }, timeoutMs),
  };
}
