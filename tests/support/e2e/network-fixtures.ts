import type { ChatPage } from '@/tests/support/e2e/chat-page';
import { test as base, expect } from '@/tests/support/e2e/fixtures';
import { type NetworkProxy, startProxy } from '@/tests/support/e2e/network-proxy';
import type { ModelServer } from '@/tests/support/model-server';

export { expect };

/** Pages that reach the app by way of a network which the test can break; mended after each test. */
export const test = base.extend<{ restoreNetwork: undefined }, { network: NetworkProxy }>({
  wire: [
    async ({ app }, use) => {
      const proxy = await startProxy(app.port);
      await use(proxy);
      await proxy.stop();
    },
    { scope: 'worker' },
  ],
  mended: [
    async ({ network }, use) => {
      await use(undefined);
      network.restore();
    },
    { auto: true },
  ],
  baseURL: async ({ network }, use) => use(network.baseUrl),
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures off the pattern.
  allowedErrors: async ({}, use) => use([/net::ERR_/]),
});

/** Breaks the connection each time that the answer has come to one of these tokens, and mends it. */
export async function breakConnectionAt(
  tokens: number[],
  method: 'cut' | 'cutMidLine',
  { chat, network }: { chat: ChatPage; network: NetworkProxy },
): Promise<void> {
  const reconnectingNotice = chat.page.getByText('Reconnecting…');
  for (const token of tokens) {
    await chat.waitForToken(token);
    network[method]();
    await expect(reconnectingNotice).toBeVisible();
    network.restore();
    await expect(reconnectingNotice).toHaveCount(0);
  }
}

/**
 * The chat's one question has its answer of `t0 … t(count-1)`, also after a reload, and the model was
 * asked once.
 */
export async function expectAnsweredOnce(
  count: number,
  { chat, model }: { chat: ChatPage; model: ModelServer },
): Promise<void> {
  await chat.expectFinishedWithTokens(count);
  await expect(chat.questions).toHaveCount(1);
  await chat.reload();
  await expect(chat.questions).toHaveCount(1);
  await chat.expectFinishedWithTokens(count);
  expect(model.requests.filter(({ purpose }) => purpose === 'answer')).toHaveLength(1);
}
