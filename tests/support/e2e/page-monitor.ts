import { type BrowserContext, expect } from '@playwright/test';

/** The names under which pages may be opened; anything else is another host. */
const OWN_HOSTS = new Set(['127.0.0.1', 'chat.test']);

/** The browser reports every connection that breaks or is refused; this one is made again. */
const LIVE_CONNECTION = /\/api\/events\)$/;

/**
 * Watches all pages of a test: what they write to the console as errors, what they throw, and
 * where they load from.
 */
export class PageMonitor {
  private readonly pageErrors: string[] = [];
  private readonly externalRequests: string[] = [];
  private readonly allowedErrors: RegExp[];
  private stopped = false;

  constructor(allowedErrors: readonly RegExp[]) {
    this.allowedErrors = [LIVE_CONNECTION, ...allowedErrors];
  }

  observe(context: BrowserContext): void {
    context.on('console', (message) => {
      if (this.stopped || message.type() !== 'error') return;
      this.pageErrors.push(`${message.text()} (${message.location().url})`);
    });
    context.on('weberror', (webError) => {
      if (this.stopped) return;
      this.pageErrors.push(webError.error().stack ?? String(webError.error()));
    });
    context.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (protocol.startsWith('http') && !OWN_HOSTS.has(hostname)) {
        this.externalRequests.push(request.url());
      }
    });
    context.on('requestfailed', (request) => {
      // Refused by the page's own policy, which it says on the console: it went nowhere.
      if (!/csp/i.test(request.failure()?.errorText ?? '')) return;
      const at = this.externalRequests.indexOf(request.url());
      if (at !== -1) this.externalRequests.splice(at, 1);
    });
  }

  /** Lets complaints of this kind pass: the browser itself reports each failed request. */
  allowErrors(...patterns: RegExp[]): void {
    this.allowedErrors.push(...patterns);
  }

  /** What pages say from now on is about the servers that the test's end takes from them. */
  stop(): void {
    this.stopped = true;
  }

  /** @throws where a page complained of something unexpected or asked another host */
  assertNoErrors(): void {
    const unexpected = this.pageErrors.filter(
      (pageError) => !this.allowedErrors.some((pattern) => pattern.test(pageError)),
    );
    expect(unexpected, 'complaints of the pages').toEqual([]);
    expect(this.externalRequests, 'requests to other hosts').toEqual([]);
  }
}
