import type { ChatPage } from '@/tests/support/e2e/chat-page';
import { test as base, expect } from '@/tests/support/e2e/fixtures';
import { type NetworkProxy, startProxy } from '@/tests/support/e2e/network-proxy';
import type { ModelServer } from '@/tests/support/model-server';

export { expect };

/** Pages reach the app through a proxy that the test can break. */
export const test = base.extend<{ network: NetworkProxy }>({
  network: async ({ app }, use) => {
    const proxy = await startProxy(app.port);
    await use(proxy);
    await proxy.stop();
  },
  baseURL: async ({ network }, use) => use(network.baseUrl),
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads fixture names from it.
  allowedErrors: async ({}, use) => use([/net::ERR_/]),
});

/** Breaks and restores the connection each time the answer reaches one of these tokens. */
export async function breakConnectionAt(
  tokens: number[],
  method: 'breakConnections' | 'cutWithinLine',
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
 * Expects one user message with the answer `t0 … t(count-1)`, before and after a reload, and
 * exactly one answer request to the model.
 */
export async function expectAnsweredOnce(
  count: number,
  { chat, model }: { chat: ChatPage; model: ModelServer },
): Promise<void> {
  await chat.expectFinishedWithTokens(count);
  await expect(chat.userMessages).toHaveCount(1);
  await chat.reload();
  await expect(chat.userMessages).toHaveCount(1);
  await chat.expectFinishedWithTokens(count);
  expect(model.requests.filter(({ purpose }) => purpose === 'answer')).toHaveLength(1);
}
