import { type BrowserContext, expect } from '@playwright/test';

/** Host names of the app; every other host counts as external. */
const OWN_HOSTS = new Set(['127.0.0.1', 'chat.test']);

/** The browser reports every broken or rejected connection; the live connection is retried. */
const LIVE_CONNECTION = /\/api\/events\)$/;

/** Monitors all pages of a test: console errors, uncaught errors and requests to other hosts. */
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
      // Blocked by the page's CSP: it was never sent, and the console reports it.
      if (!/csp/i.test(request.failure()?.errorText ?? '')) return;
      const index = this.externalRequests.indexOf(request.url());
      if (index !== -1) this.externalRequests.splice(index, 1);
    });
  }

  /** Allows errors that match: the browser itself reports each failed request. */
  allowErrors(...patterns: RegExp[]): void {
    this.allowedErrors.push(...patterns);
  }

  /** Ignores later errors: they come from stopping the servers at the end of the test. */
  stop(): void {
    this.stopped = true;
  }

  /** @throws if a page reported an unexpected error or sent a request to another host */
  assertNoErrors(): void {
    const unexpected = this.pageErrors.filter(
      (pageError) => !this.allowedErrors.some((pattern) => pattern.test(pageError)),
    );
    expect(unexpected, 'complaints of the pages').toEqual([]);
    expect(this.externalRequests, 'requests to other hosts').toEqual([]);
  }
}
