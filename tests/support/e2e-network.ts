import { test as base } from '@/tests/support/e2e';
import { type NetworkProxy, startProxy } from '@/tests/support/e2e-proxy';

export { expect } from '@/tests/support/e2e';

/** Pages that reach the app by way of a network which the test can break; mended after each test. */
export const test = base.extend<{ mended: undefined }, { wire: NetworkProxy }>({
  wire: [
    async ({ app }, use) => {
      const proxy = await startProxy(app.port);
      await use(proxy);
      await proxy.stop();
    },
    { scope: 'worker' },
  ],
  mended: [
    async ({ wire }, use) => {
      await use(undefined);
      wire.mend();
    },
    { auto: true },
  ],
  baseURL: async ({ wire }, use) => use(wire.baseUrl),
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures off the pattern.
  expectedComplaints: async ({}, use) => use([/net::ERR_/]),
});
