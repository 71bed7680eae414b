import { expect, type Locator, type Page } from '@playwright/test';
import type { SendMessageBody } from '@/lib/protocol/api';
import type { ModelServer } from '@/tests/support/model-server';
import type { LoggedRequest } from '@/tests/support/model-server/request-log';

/** Page object of the chat: locators by accessible name, and what a user does. */
export class ChatPage {
  readonly messageBox: Locator;
  readonly sendButton: Locator;
  readonly stopButton: Locator;
  readonly log: Locator;
  /** User messages, oldest first. */
  readonly userMessages: Locator;
  readonly answers: Locator;
  /** The newest answer. */
  readonly answer: Locator;
  readonly history: Locator;
  /** The page's error message. */
  readonly alert: Locator;

  constructor(readonly page: Page) {
    this.messageBox = page.getByRole('textbox', { name: 'Message' });
    this.sendButton = page.getByRole('button', { name: 'Send', exact: true });
    this.stopButton = page.getByRole('button', { name: 'Stop', exact: true });
    this.log = page.getByRole('log');
    this.userMessages = this.log.getByRole('article', { name: 'You' });
    this.answers = this.log.getByRole('article', { name: 'Assistant' });
    this.answer = this.answers.last();
    this.history = page.getByRole('navigation', { name: 'Chats' });
    // Excludes the alert of Next.js, which announces route changes to screen readers.
    this.alert = page.getByRole('alert').and(page.locator(':not(#__next-route-announcer__)'));
  }

  /** Opens a page of the app and waits until it is ready. */
  async open(path = '/'): Promise<this> {
    await this.page.goto(path);
    await this.waitUntilReady();
    return this;
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.waitUntilReady();
  }

  /** Waits for the list of models, which shows that the page is hydrated, and for the session. */
  async waitUntilReady(): Promise<void> {
    await expect(this.page.getByRole('button', { name: /^Model: / })).toBeVisible();
    await expect
      .poll(() => this.page.context().cookies())
      .toContainEqual(expect.objectContaining({ name: 'throughline.session_token' }));
    // The cookie comes before the response: until the page knows its user, it neither restores
    // drafts nor sends. Not by role: on a phone the button is not visible.
    await expect(this.page.locator('[aria-label="Account: loading"]')).toHaveCount(0);
  }

  async sendMessage(text: string): Promise<void> {
    await this.messageBox.fill(text);
    // On a touch screen Enter alone inserts a new line.
    await this.messageBox.press('ControlOrMeta+Enter');
  }

  /** Sends a message and waits for the complete answer. */
  async sendAndWait(text: string): Promise<void> {
    const before = await this.answers.count();
    await this.sendMessage(text);
    await expect(this.answers).toHaveCount(before + 1);
    await this.waitUntilFinished();
  }

  /** Waits until the newest answer has ended: finished, stopped or failed. */
  async waitUntilFinished(): Promise<void> {
    await expect(this.answer.getByRole('button', { name: 'Copy answer' })).toBeVisible();
    await expect(this.sendButton).toBeVisible();
  }

  chatLink(title: string): Locator {
    return this.history.getByRole('link', { name: title, exact: true });
  }

  /** The chat's id, from the URL. */
  async chatId(): Promise<string> {
    await expect(this.page).toHaveURL(/\/chat\/[\w-]+(\?|$)/);
    return new URL(this.page.url()).pathname.split('/').at(-1) as string;
  }

  /** The numbers of the tokens `t0 t1 …` displayed in the newest answer. */
  async displayedTokens(): Promise<number[]> {
    if ((await this.answers.count()) === 0) return [];
    return parseTokens(await this.answer.evaluate(answerText));
  }

  /** Waits until the newest answer contains this token. */
  async waitForToken(token: number): Promise<void> {
    await expect.poll(async () => (await this.displayedTokens()).includes(token)).toBe(true);
  }

  /** Waits for the last token, then expects `t0 … t(count-1)`, each once and in order. */
  async expectTokens(count: number): Promise<void> {
    await this.waitForToken(count - 1);
    expect(await this.displayedTokens()).toEqual(
      Array.from({ length: count }, (_, index) => index),
    );
  }

  /** Waits for the end, then expects `t0 … t(count-1)`, each once and in order. */
  async expectFinishedWithTokens(count: number): Promise<void> {
    const expected = Array.from({ length: count }, (_, index) => index);
    // All tokens, not only the last one: until the new answer begins, the newest one is the answer
    // before it, which may contain that token, too.
    await expect.poll(() => this.displayedTokens()).toEqual(expected);
    await this.waitUntilFinished();
    expect(await this.displayedTokens()).toEqual(expected);
  }

  /** Sends the request that the page would send, for tests that need many chats quickly. */
  async sendByApi(body: Omit<SendMessageBody, 'selectedChatModel'>): Promise<void> {
    const { defaultRef } = await (await this.page.request.get('/api/models')).json();
    const data: SendMessageBody = { ...body, selectedChatModel: defaultRef };
    const response = await this.page.request.post('/api/chat', { data });
    expect(response.status()).toBe(200);
  }
}

/** The newest answer request to the model with this scenario, or undefined. */
export function findAnswerRequest(model: ModelServer, scenario: string): LoggedRequest | undefined {
  return model.requests.findLast(
    (request) => request.purpose === 'answer' && request.scenario === scenario,
  );
}

/** The answer's text without the version switcher that directly follows it. */
function answerText(article: Element): string {
  const copy = article.cloneNode(true) as Element;
  for (const switcher of copy.querySelectorAll('fieldset')) switcher.remove();
  return copy.textContent ?? '';
}

function parseTokens(text: string): number[] {
  return [...text.matchAll(/t(\d+)/g)].map(([, number]) => Number(number));
}

export type TokenObservations = {
  /** The number of tokens of the newest answer at each change, oldest first. */
  counts: number[];
  /** Observed texts whose tokens were not 0, 1, 2, … without gap or repetition. */
  invalidTexts: string[];
  /** Clears `counts`. */
  reset(): void;
};

/**
 * Observes the newest answer on every DOM change, across reloads. Call it before the page is
 * opened.
 */
export async function observeTokens(page: Page): Promise<TokenObservations> {
  const observations: TokenObservations = {
    counts: [],
    invalidTexts: [],
    reset: () => {
      observations.counts.length = 0;
    },
  };
  await page.exposeFunction('reportTokens', (count: number, invalidText: string | null) => {
    observations.counts.push(count);
    if (invalidText !== null) observations.invalidTexts.push(invalidText);
  });
  await page.addInitScript(() => {
    let last = -1;
    const check = () => {
      const answers = document.querySelectorAll('article[aria-label="Assistant"]');
      const text = answers[answers.length - 1]?.textContent ?? '';
      const numbers = [...text.matchAll(/t(\d+)/g)].map((match) => Number(match[1]));
      if (numbers.length === last) return;
      last = numbers.length;
      const isContiguous = numbers.every((number, index) => number === index);
      const { reportTokens } = window as unknown as {
        reportTokens: (count: number, invalidText: string | null) => void;
      };
      reportTokens(numbers.length, isContiguous ? null : text);
    };
    new MutationObserver(check).observe(document, {
      childList: true,
      subtree: true,
      characterData: true,
    });
  });
  return observations;
}
