import { randomUUID } from 'node:crypto';
import { POST as authRoute } from '@/app/api/auth/[action]/route';
import { POST as makeSession, GET as readSession } from '@/app/api/session/route';
import type { SessionInfo } from '@/lib/protocol/api';
import type { ErrorBody } from '@/lib/protocol/errors';
import { authenticate } from '@/lib/server/account/authenticate';
import type { Identity } from '@/lib/server/account/identity';
import { peerAddressHeader } from '@/lib/server/http/peer-address';

type ClientResponse = { status: number; body: SessionInfo & Partial<ErrorBody> };

let clientCount = 0;

/**
 * A client of the app's route handlers that treats cookies and headers as a browser does: it stores
 * cookies, drops expired ones, and rejects Secure ones over http.
 */
export class BrowserClient {
  readonly cookies = new Map<string, string>();
  /** The Set-Cookie headers of the last response. */
  lastSetCookies: string[] = [];
  /** Headers to add or override. */
  extraHeaders: Record<string, string> = {};
  readonly #origin: URL;
  readonly #address: string;

  constructor(origin = 'http://localhost:3000') {
    this.#origin = new URL(origin);
    clientCount += 1;
    this.#address = `10.0.${clientCount >> 8}.${clientCount & 255}`;
  }

  /** The headers of a request as Next.js passes them to a route. */
  headers(): Headers {
    const headers = new Headers({
      host: this.#origin.host,
      origin: this.#origin.origin,
      'x-forwarded-host': this.#origin.host,
      'x-forwarded-proto': this.#origin.protocol.slice(0, -1),
      [peerAddressHeader()]: this.#address,
      ...this.extraHeaders,
    });
    const cookies = [...this.cookies].map(([name, value]) => `${name}=${value}`);
    if (cookies.length > 0) headers.set('cookie', cookies.join('; '));
    return headers;
  }

  startSession(): Promise<ClientResponse> {
    return this.#readResponse(makeSession(new Request(this.#url(), this.#init()), {}));
  }

  getSession(): Promise<ClientResponse> {
    return this.#readResponse(
      readSession(new Request(this.#url(), { headers: this.headers() }), {}),
    );
  }

  signUp(email: string, password = 'correct horse'): Promise<ClientResponse> {
    return this.post('sign-up', { email, password });
  }

  signIn(email: string, password = 'correct horse'): Promise<ClientResponse> {
    return this.post('sign-in', { email, password });
  }

  signOut(): Promise<ClientResponse> {
    return this.post('sign-out', {});
  }

  post(action: string, body: unknown): Promise<ClientResponse> {
    const request = new Request(this.#url(), this.#init(JSON.stringify(body)));
    return this.#readResponse(authRoute(request, { params: Promise.resolve({ action }) }));
  }

  identity(): Promise<Identity | null> {
    return authenticate(this.headers());
  }

  /** The id of the current user. Throws without a session. */
  async userId(): Promise<string> {
    const identity = await this.identity();
    if (!identity) throw new Error('Nobody is signed in.');
    return identity.userId;
  }

  #url(): string {
    // Next.js passes its listening address to routes, not the address in the browser.
    return 'http://0.0.0.0:3000/api';
  }

  #init(body?: string): RequestInit {
    const headers = this.headers();
    if (body !== undefined) headers.set('content-type', 'application/json');
    return { method: 'POST', headers, body: body ?? null };
  }

  async #readResponse(pending: Promise<Response>): Promise<ClientResponse> {
    const response = await pending;
    this.lastSetCookies = response.headers.getSetCookie();
    for (const line of this.lastSetCookies) this.#storeCookie(line);
    return { status: response.status, body: await response.json() };
  }

  #storeCookie(line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    const flags = attributes.map((attribute) => attribute.toLowerCase());
    if (flags.includes('secure') && this.#origin.protocol !== 'https:') return;
    if (flags.includes('max-age=0')) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

export function uniqueEmail(): string {
  return `${randomUUID()}@example.com`;
}
