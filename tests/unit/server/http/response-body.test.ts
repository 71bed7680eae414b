import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  CONNECTION_IDLE_TIMEOUT_MS,
  fitsInPage,
  type Recipient,
  responseBody,
} from '@/lib/server/http/response-body';
import { ByteBudget } from '@/lib/server/limits/byte-budget';

const MB = 1_000_000;
const LARGE = 'x'.repeat(30 * MB);
const ada = { userId: 'ada', address: '192.0.2.1' };
const bob = { userId: 'bob', address: '192.0.2.1' };
const newBudget = (maxBytes?: number) => new ByteBudget('too_many_unread_responses', maxBytes);
const budgetError = expect.objectContaining({ code: 'too_many_unread_responses' });

afterEach(() => void vi.useRealTimers());

function openBody(text: string, reader: Recipient, budget: ByteBudget) {
  const body = responseBody(text, reader, { budget });
  if (!(body instanceof ReadableStream)) throw new Error('The body is not a stream');
  return body;
}

describe('a large response', () => {
  it('arrives completely, and a small one immediately', async () => {
    const text = 'é'.repeat(1 * MB);
    expect(await new Response(openBody(text, ada, newBudget())).text()).toBe(text);
    expect(responseBody('small', ada, { budget: newBudget(1) })).toEqual(
      new TextEncoder().encode('small'),
    );
  });

  it('counts for its user and address until it is read', async () => {
    const budget = newBudget();
    const unread = [openBody(LARGE, ada, budget), openBody(LARGE, ada, budget)];
    expect(() => openBody(LARGE, ada, budget)).toThrow(budgetError);
    expect(responseBody('small', ada, { budget })).toHaveLength(5);
    // Another user at the same address has a separate budget, up to that of the address.
    unread.push(openBody(LARGE, bob, budget), openBody(LARGE, bob, budget));
    expect(() => openBody(LARGE, { ...bob, userId: 'eve' }, budget)).toThrow(budgetError);
    const otherClient = { userId: 'eve', address: '198.51.100.7' };
    await openBody(LARGE, otherClient, budget).cancel();
    await new Response(unread[0]).text();
    await openBody(LARGE, ada, budget).cancel();
  });

  it('counts for the process, and a single one may have any size', async () => {
    const budget = newBudget(10 * MB);
    const first = openBody(LARGE, ada, budget);
    const other = { userId: 'eve', address: '198.51.100.7' };
    expect(() => openBody(LARGE, other, budget)).toThrow(budgetError);
    await first.cancel();
    await openBody(LARGE, other, budget).cancel();
  });

  it('times out if its reader reads nothing for 30 s, and releases its budget', async () => {
    vi.useFakeTimers();
    const budget = newBudget(10 * MB);
    const unread = openBody(LARGE, ada, budget).getReader();
    const timedOut = expect(unread.closed).rejects.toMatchObject({ name: 'AbortError' });
    vi.advanceTimersByTime(29_000);
    expect(() => openBody(LARGE, bob, budget)).toThrow(budgetError);
    vi.advanceTimersByTime(1_000);
    await timedOut;
    await openBody(LARGE, bob, budget).cancel();
  });

  it('is released when its reader disconnects, before or while it waits', async () => {
    const budget = newBudget(10 * MB);
    const leaving = new AbortController();
    const { signal } = leaving;
    openBody(LARGE, { ...ada, signal }, budget);
    expect(() => openBody(LARGE, bob, budget)).toThrow(budgetError);
    leaving.abort();
    await openBody(LARGE, bob, budget).cancel();
    expect(responseBody(LARGE, { ...ada, signal }, { budget })).toHaveLength(0);
    await openBody(LARGE, bob, budget).cancel();
  });

  it('does not time out while its reader reads a chunk now and then', async () => {
    vi.useFakeTimers();
    const reader = openBody('x'.repeat(2 * MB), ada, newBudget()).getReader();
    let size = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      vi.advanceTimersByTime(29_000);
    }
    expect(size).toBe(2 * MB);
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('a page may include large data only a few times while earlier responses are unread', () => {
  vi.useFakeTimers();
  const budget = newBudget();
  const embedInPage = (reader: typeof ada) => fitsInPage(30 * MB, reader, budget);
  expect([embedInPage(ada), embedInPage(ada), embedInPage(ada)]).toEqual([true, true, false]);
  expect(fitsInPage(1_000, ada, budget)).toBe(true);
  expect(embedInPage({ userId: 'eve', address: '198.51.100.7' })).toBe(true);
  vi.advanceTimersByTime(2 * CONNECTION_IDLE_TIMEOUT_MS);
  expect(embedInPage(ada)).toBe(true);
});
