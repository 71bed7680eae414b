import { expect, type Locator, type Page } from '@playwright/test';
import type { SendMessageBody } from '@/lib/protocol/api';
import type { ModelServer } from '@/tests/support/model-server';
import type { LoggedRequest } from '@/tests/support/model-server/request-log';

/** A page of the chat, in the words of the person who uses it. */
export class ChatPage {
  readonly messageBox: Locator;
  readonly sendButton: Locator;
  readonly stopButton: Locator;
  readonly log: Locator;
  /** Messages, oldest first. */
  readonly questions: Locator;
  readonly answers: Locator;
  /** The newest answer. */
  readonly answer: Locator;
  readonly history: Locator;
  /** What the page says went wrong. */
  readonly alert: Locator;

  constructor(readonly page: Page) {
    this.messageBox = page.getByRole('textbox', { name: 'Message' });
    this.sendButton = page.getByRole('button', { name: 'Send', exact: true });
    this.stopButton = page.getByRole('button', { name: 'Stop', exact: true });
    this.log = page.getByRole('log');
    this.questions = this.log.getByRole('article', { name: 'You' });
    this.answers = this.log.getByRole('article', { name: 'Assistant' });
    this.answer = this.answers.last();
    this.history = page.getByRole('navigation', { name: 'Chats' });
    // Next.js has an alert of its own, which tells a screen reader what page it is.
    this.alert = page.getByRole('alert').and(page.locator(':not(#__next-route-announcer__)'));
  }

  /** Opens a page of the app and waits until it can be used. */
  async open(path = '/'): Promise<this> {
    await this.page.goto(path);
    await this.waitUntilReady();
    return this;
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.waitUntilReady();
  }

  /** The models are listed by the page's own code: it runs, then. A first visit gets its session. */
  async waitUntilReady(): Promise<void> {
    await expect(this.page.getByRole('button', { name: /^Model: / })).toBeVisible();
    await expect
      .poll(() => this.page.context().cookies())
      .toContainEqual(expect.objectContaining({ name: 'throughline.session_token' }));
  }

  async sendMessage(text: string): Promise<void> {
    await this.messageBox.fill(text);
    // Enter alone makes a new line where there is a touch screen.
    await this.messageBox.press('ControlOrMeta+Enter');
  }

  /** Says something and waits for all of the answer. */
  async sendAndWait(text: string): Promise<void> {
    const before = await this.answers.count();
    await this.sendMessage(text);
    await expect(this.answers).toHaveCount(before + 1);
    await this.waitUntilFinished();
  }

  /** Waits until the newest answer has ended, however it ended. */
  async waitUntilFinished(): Promise<void> {
    await expect(this.answer.getByRole('button', { name: 'Copy answer' })).toBeVisible();
    await expect(this.sendButton).toBeVisible();
  }

  chatLink(title: string): Locator {
    return this.history.getByRole('link', { name: title, exact: true });
  }

  /** The chat's id, from the address. */
  async chatId(): Promise<string> {
    await expect(this.page).toHaveURL(/\/chat\/[\w-]+$/);
    return this.page.url().split('/').at(-1) as string;
  }

  /** The numbers of the tokens `t0 t1 …` of the newest answer, as they are shown. */
  async displayedTokens(): Promise<number[]> {
    if ((await this.answers.count()) === 0) return [];
    return parseTokens(await this.answer.evaluate(answerText));
  }

  /** Waits until the newest answer has tokens up to this number. */
  async waitForToken(token: number): Promise<void> {
    await expect.poll(async () => (await this.displayedTokens()).includes(token)).toBe(true);
  }

  /** The newest answer must be `t0 … t(count-1)` by now, each once and in order. */
  async expectTokens(count: number): Promise<void> {
    await this.waitForToken(count - 1);
    expect(await this.displayedTokens()).toEqual(
      Array.from({ length: count }, (_, index) => index),
    );
  }

  /** Waits for the end; the newest answer must be `t0 … t(count-1)`, each once and in order. */
  async expectFinishedWithTokens(count: number): Promise<void> {
    await this.waitForToken(count - 1);
    await this.waitUntilFinished();
    await this.expectTokens(count);
  }

  /** What the app would get from a page: for tests that need many chats and no browser. */
  async sendByApi(body: Omit<SendMessageBody, 'selectedChatModel'>): Promise<void> {
    const { defaultRef } = await (await this.page.request.get('/api/models')).json();
    const data: SendMessageBody = { ...body, selectedChatModel: defaultRef };
    const response = await this.page.request.post('/api/chat', { data });
    expect(response.status()).toBe(200);
  }
}

/** The newest request to the model for an answer by this scenario; undefined where none came. */
export function findAnswerRequest(model: ModelServer, scenario: string): LoggedRequest | undefined {
  return model.requests.findLast(
    (request) => request.purpose === 'answer' && request.scenario === scenario,
  );
}

/** Its text without the number of its version, which comes right behind it. */
function answerText(article: Element): string {
  const copy = article.cloneNode(true) as Element;
  for (const switcher of copy.querySelectorAll('fieldset')) switcher.remove();
  return copy.textContent ?? '';
}

function parseTokens(text: string): number[] {
  return [...text.matchAll(/t(\d+)/g)].map(([, number]) => Number(number));
}

export type TokenObservations = {
  /** How many tokens the newest answer had at each change, in the order of time. */
  counts: number[];
  /** The text at a moment when its tokens were not 0, 1, 2, … without gap or repetition. */
  invalidTexts: string[];
  /** Forgets what was seen so far. */
  reset(): void;
};

/**
 * Looks at the newest answer at every change of the page, over reloads too. Call it before the page
 * is opened.
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
        reportTokens: (count: number, wrong: string | null) => void;
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
