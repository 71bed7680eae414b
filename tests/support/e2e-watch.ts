import { type BrowserContext, expect } from '@playwright/test';

/** The names under which pages may be opened; anything else is another host. */
const OWN_HOSTS = new Set(['127.0.0.1', 'chat.test']);

/** The browser reports every connection that breaks or is refused; this one is made again. */
const LIVE_CONNECTION = /\/api\/events\)$/;

/**
 * Watches all pages of a test: what they write to the console as errors, what they throw, and
 * where they load from.
 */
export class PageWatch {
  private readonly complaints: string[] = [];
  private readonly strangers: string[] = [];
  private readonly expected: RegExp[];
  private over = false;

  constructor(expected: readonly RegExp[]) {
    this.expected = [LIVE_CONNECTION, ...expected];
  }

  follow(context: BrowserContext): void {
    context.on('console', (message) => {
      if (this.over || message.type() !== 'error') return;
      this.complaints.push(`${message.text()} (${message.location().url})`);
    });
    context.on('weberror', (thrown) => {
      if (this.over) return;
      this.complaints.push(thrown.error().stack ?? String(thrown.error()));
    });
    context.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (protocol.startsWith('http') && !OWN_HOSTS.has(hostname)) {
        this.strangers.push(request.url());
      }
    });
    context.on('requestfailed', (request) => {
      // Refused by the page's own policy, which it says on the console: it went nowhere.
      if (!/csp/i.test(request.failure()?.errorText ?? '')) return;
      const at = this.strangers.indexOf(request.url());
      if (at !== -1) this.strangers.splice(at, 1);
    });
  }

  /** Lets complaints of this kind pass: the browser itself reports each failed request. */
  expect(...complaints: RegExp[]): void {
    this.expected.push(...complaints);
  }

  /** What pages say from now on is about the servers that the test's end takes from them. */
  end(): void {
    this.over = true;
  }

  /** @throws where a page complained of something unexpected or asked another host */
  verify(): void {
    const unexpected = this.complaints.filter(
      (complaint) => !this.expected.some((pattern) => pattern.test(complaint)),
    );
    expect(unexpected, 'complaints of the pages').toEqual([]);
    expect(this.strangers, 'requests to other hosts').toEqual([]);
  }
}
