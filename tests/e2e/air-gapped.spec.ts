/**
 * An air-gapped network with only the app and its model: every other request of the page or the
 * server is recorded and fails.
 */
import { createServer } from 'node:http';
import path from 'node:path';
import { ChatPage } from '@/tests/support/e2e/chat-page';
import { CodePanel } from '@/tests/support/e2e/code-panel';
import { DocumentPanel, documentCard } from '@/tests/support/e2e/document-panel';
import { test as base, expect } from '@/tests/support/e2e/fixtures';
import { listen } from '@/tests/support/listen';
import { scenario } from '@/tests/support/model-server/scenario-line';

type Fixtures = {
  /**
   * The browser's requests to other hosts, including those of workers and iframes, from a proxy.
   */
  externalRequests: string[];
};

const test = base.extend<Fixtures & { proxyUrl: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads fixture names from it.
  externalRequests: async ({}, use) => use([]),
  proxyUrl: async ({ externalRequests }, use) => {
    const proxy = createServer((request, response) => {
      externalRequests.push(request.url ?? '');
      response.writeHead(502).end('There is nobody.');
    });
    proxy.on('connect', (request, socket) => {
      if (request.url !== CHROMIUM_AUTOFILL_HOST) externalRequests.push(request.url ?? '');
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    await use(`http://127.0.0.1:${await listen(proxy)}`);
    proxy.closeAllConnections();
    proxy.close();
  },
  context: async ({ browser, proxyUrl }, use) => {
    const context = await browser.newContext({
      proxy: { server: proxyUrl, bypass: '127.0.0.1' },
    });
    await use(context);
    await context.close();
  },
});

// The browser logs what the sandbox of a preview blocks.
test.use({ allowedErrors: [/Content Security Policy|net::ERR_/] });

/** Chromium's own autofill service, which it requests for form fields. */
const CHROMIUM_AUTOFILL_HOST = 'content-autofill.googleapis.com:443';
const RICH = [
  '# Heading\n\nMaths: \\(x^2\\) and $$\\int_0^1 x\\,dx$$',
  '| A | B |\n| --- | --- |\n| 1 | 2 |',
  '```ts\nconst a: number = 1;\n```',
  '![a picture](https://pictures.example/cat.png) and [a link](https://links.example/)',
].join('\n\n');
const PAGE = `<!doctype html><h1>Hello</h1><img src="https://pictures.example/dog.png" alt="">
<link rel="stylesheet" href="https://styles.example/a.css">
<script src="https://scripts.example/a.js"></script>
<script>fetch('https://apis.example/').catch(() => document.title = 'blocked')</script>`;
const DIAGRAM = 'flowchart TD\n  A[Ask] --> B[Answer]\n';
const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4"/></svg>';

test('the whole app works on a network that reaches only the model', async ({
  page,
  browser,
  proxyUrl,
  externalRequests,
  startFreshApp,
}) => {
  const hook = path.resolve('tests/support/air-gapped.cjs');
  const app = await startFreshApp({ NODE_OPTIONS: `--require ${hook}` });
  const chat = new ChatPage(page);
  const panel = new DocumentPanel(page);
  const code = new CodePanel(chat);
  await chat.open(app.baseUrl);

  await chat.sendAndWait(scenario('say', { text: RICH }));
  await expect(chat.answer.locator('.katex').first()).toBeVisible();
  await expect(chat.answer.locator('pre span[style]').first()).toBeVisible();

  await chat.sendAndWait(
    scenario('document', { title: 'Text', content: 'Here is teh text.', rate: 0 }),
  );
  const suggestions = [{ original: 'teh', suggested: 'the', description: 'A slip.' }];
  await chat.sendAndWait(scenario('suggest', { suggestions }));
  await expect(panel.root.locator('.suggestion')).toHaveText(['teh']);
  const word = page.waitForEvent('download');
  await panel.chooseMenuItem('Download as Word');
  expect((await word).suggestedFilename()).toBe('Text.docx');
  const web = page.waitForEvent('download');
  await panel.chooseMenuItem('Download as HTML');
  await web;

  const table = { title: 'Table', kind: 'sheet', content: 'a,b\n1,2', rate: 0 };
  await chat.sendAndWait(scenario('document', table));
  await panel.editCell('1', 'one');
  await expect(panel.saveStatus).toHaveText('Saved');
  await panel.button('Changes').click();
  await expect(panel.root.getByRole('region', { name: 'Changes' })).toContainText('one');
  await panel.button('Changes').click();

  await code.createAndRun('sum.js', 'plot([1, 2, 3]);\nconsole.table([{ a: 1 }]);\n40 + 2');
  await expect(code.output).toContainText('→ 42');
  await code.createAndRun('sum.py', 'import json, statistics\nstatistics.mean([1, 2, 6])\n');
  await expect(code.output).toContainText('→ 3');
  await code.createProgram('flow.mmd', DIAGRAM, { preview: true, language: 'mermaid' });
  await expect(code.preview.locator('svg')).toContainText('Answer', { timeout: 20_000 });
  await code.createProgram('circle.svg', SVG, { preview: true });
  await expect(code.preview.locator('circle')).toBeVisible();
  await code.createProgram('page.html', PAGE, { preview: true });
  await expect(code.preview.getByRole('heading', { name: 'Hello' })).toBeVisible();

  // The model gets the error as the tool's result.
  await chat.sendAndWait('[[scenario:tool name=getWeather args={"city":"Oslo"}]]');
  await expect(chat.answer).toContainText('The weather service is not reachable');

  await chat.reload();
  await documentCard(page, 'page.html').getByRole('button', { name: 'Open' }).click();
  await expect(code.preview.getByRole('heading', { name: 'Hello' })).toBeVisible();

  expect(externalRequests, 'asked by the page').toEqual([]);
  const attemptedHosts = [...app.logs().matchAll(/^closed network: (.*)$/gm)].map(
    ([, host]) => host,
  );
  expect([...new Set(attemptedHosts)], 'asked by the server').toEqual([
    'geocoding-api.open-meteo.com',
  ]);

  // Counter-check: the proxy records external requests.
  const proxiedPage = await browser.newPage({ proxy: { server: proxyUrl } });
  await proxiedPage.goto('http://elsewhere.example/');
  await proxiedPage.close();
  expect(externalRequests).toContain('http://elsewhere.example/');
});
