/** The setup of the page benchmarks: the app with the scripted model server, in a real browser. */
import { type Browser, chromium, type Page } from '@playwright/test';
import { findChromium } from '@/scripts/test/find-chromium';
import type { BenchEnvironment } from '@/tests/bench/environment';
import { CHROMIUM_ARGS } from '@/tests/support/chromium-args';
import { ChatPage } from '@/tests/support/e2e/chat-page';
import { type ModelServer, startModelServer } from '@/tests/support/model-server';

export type BenchPage = {
  page: Page;
  chat: ChatPage;
  model: ModelServer;
  databaseUrl: string;
  /** Opens another page of the same browser, outside the app, for the control. */
  blankPage(): Promise<Page>;
};

/** Opens the app in a new browser, runs the benchmark, and closes the browser. */
export async function withPage<T>(
  environment: BenchEnvironment,
  run: (benchPage: BenchPage) => Promise<T>,
): Promise<T> {
  const model = await startModelServer();
  const databaseUrl = await environment.database();
  const app = await environment.app(databaseUrl, { OPENAI_BASE_URL: model.baseUrl });
  let browser: Browser | undefined;
  try {
    browser = await chromium.launch({
      executablePath: findChromium() ?? undefined,
      args: CHROMIUM_ARGS,
    });
    const context = await browser.newContext({ baseURL: app.baseUrl });
    const page = await context.newPage();
    const blankPage = async () => await (browser as Browser).newPage();
    return await run({ page, chat: new ChatPage(page), model, databaseUrl, blankPage });
  } finally {
    await browser?.close();
    await model.stop();
  }
}
