import type { CDPSession, Page, Request } from '@playwright/test';
import { expect, test } from '@/tests/support/e2e/fixtures';

const MAX_SCRIPT_BYTES = 222_000;

test('the first load of a chat transfers at most 222 kB of JavaScript', async ({
  chat,
  openContext,
}, testInfo) => {
  await chat.open();
  await chat.sendAndWait(
    '[[title:text=Light]][[scenario:say text="Some *words*, a [link](https://example.com) and\n\n- a list\n- of two"]]',
  );
  const path = new URL(chat.page.url()).pathname;
  const cookies = await chat.page.context().cookies();

  // A new browser context with an empty cache.
  const fresh = await openContext();
  await fresh.page.context().addCookies(cookies);
  const cdp = await fresh.page.context().newCDPSession(fresh.page);
  const bytes = await countScriptBytes(cdp);
  const waitForNetworkIdle = trackNetworkIdle(fresh.page);
  await fresh.open(path);
  await expect(fresh.answer).toContainText('a list');
  await waitForNetworkIdle();
  const measured = `${(bytes.total() / 1000).toFixed(1)} kB of JavaScript in ${bytes.files()} files`;
  testInfo.annotations.push({ type: 'measured', description: measured });
  process.stdout.write(`  First load of a chat: ${measured}\n`);
  expect(bytes.total()).toBeGreaterThan(50_000);
  expect(bytes.total()).toBeLessThanOrEqual(MAX_SCRIPT_BYTES);
});

test('a new, a stored and a missing chat log no error in the browser console', async ({
  chat,
  page,
  monitor,
}) => {
  monitor.allowErrors(/status of 404 .*\/(chat\/|nowhere)/);
  const waitForNetworkIdle = trackNetworkIdle(page);
  await chat.open();
  await chat.sendAndWait('Anything wrong?');
  await waitForNetworkIdle();
  await chat.reload();
  await waitForNetworkIdle();
  for (const path of ['/', '/chat/00000000-0000-4000-8000-000000000000', '/nowhere']) {
    await page.goto(path);
    await expect(page.getByRole('heading').first()).toBeVisible();
    await waitForNetworkIdle();
  }
  monitor.assertNoErrors();
});

/**
 * Returns a function that waits until the page has loaded nothing for half a second. The connection
 * for live events does not count: it stays open.
 */
function trackNetworkIdle(page: Page): () => Promise<void> {
  const open = new Set<Request>();
  let lastRequestAt = Date.now();
  page.on('request', (request) => {
    lastRequestAt = Date.now();
    if (!request.url().endsWith('/api/events')) open.add(request);
  });
  const onEnd = (request: Request) => {
    lastRequestAt = Date.now();
    open.delete(request);
  };
  page.on('requestfinished', onEnd);
  page.on('requestfailed', onEnd);
  return async () => {
    lastRequestAt = Date.now();
    await expect.poll(() => open.size === 0 && Date.now() - lastRequestAt > 500).toBe(true);
  };
}

/** Counts the transferred bytes of scripts, including headers. */
async function countScriptBytes(cdp: CDPSession) {
  const scripts = new Set<string>();
  const sizes = new Map<string, number>();
  cdp.on('Network.responseReceived', ({ requestId, type, response }) => {
    if (type === 'Script' || /javascript/.test(response.mimeType)) scripts.add(requestId);
  });
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) sizes.set(requestId, encodedDataLength);
  });
  await cdp.send('Network.enable');
  return {
    total: () => [...sizes.values()].reduce((sum, size) => sum + size, 0),
    files: () => sizes.size,
  };
}
