import { afterEach, describe, expect, it, vi } from 'vitest';
import { ByteBudget } from '@/lib/byte-budget';
import { bodyOf, mayBeInPage, type Reader, STALLED_CONNECTION_MS } from '@/lib/large-body';

const MB = 1_000_000;
const LARGE = 'x'.repeat(30 * MB);
const ada = { userId: 'ada', address: '192.0.2.1' };
const bob = { userId: 'bob', address: '192.0.2.1' };
const newBudget = (maxBytes?: number) => new ByteBudget('too_much_unread', maxBytes);
const refusal = expect.objectContaining({ code: 'too_much_unread' });

afterEach(() => void vi.useRealTimers());

function open(text: string, reader: Reader, budget: ByteBudget) {
  const body = bodyOf(text, reader, { budget });
  if (!(body instanceof ReadableStream)) throw new Error('It is handed out at once');
  return body;
}

describe('a large body', () => {
  it('arrives whole, a small one at once', async () => {
    const text = 'é'.repeat(1 * MB);
    expect(await new Response(open(text, ada, newBudget())).text()).toBe(text);
    expect(bodyOf('small', ada, { budget: newBudget(1) })).toEqual(
      new TextEncoder().encode('small'),
    );
  });

  it('counts until it is read, for its user and for everybody at their address', async () => {
    const budget = newBudget();
    const unread = [open(LARGE, ada, budget), open(LARGE, ada, budget)];
    expect(() => open(LARGE, ada, budget)).toThrow(refusal);
    expect(bodyOf('small', ada, { budget })).toHaveLength(5);
    // Another user of the same network has room, until the network has none.
    unread.push(open(LARGE, bob, budget), open(LARGE, bob, budget));
    expect(() => open(LARGE, { ...bob, userId: 'eve' }, budget)).toThrow(refusal);
    const elsewhere = { userId: 'eve', address: '198.51.100.7' };
    await open(LARGE, elsewhere, budget).cancel();
    await new Response(unread[0]).text();
    await open(LARGE, ada, budget).cancel();
  });

  it('counts in the process, and one alone may have any size', async () => {
    const budget = newBudget(10 * MB);
    const first = open(LARGE, ada, budget);
    const other = { userId: 'eve', address: '198.51.100.7' };
    expect(() => open(LARGE, other, budget)).toThrow(refusal);
    await first.cancel();
    await open(LARGE, other, budget).cancel();
  });

  it('whose reader takes nothing for 30 s is given up, and gives its room back', async () => {
    vi.useFakeTimers();
    const budget = newBudget(10 * MB);
    const unread = open(LARGE, ada, budget).getReader();
    const givenUp = expect(unread.closed).rejects.toMatchObject({ name: 'AbortError' });
    vi.advanceTimersByTime(29_000);
    expect(() => open(LARGE, bob, budget)).toThrow(refusal);
    vi.advanceTimersByTime(1_000);
    await givenUp;
    await open(LARGE, bob, budget).cancel();
  });

  it('whose reader has left is let go, before it is made or while it waits', async () => {
    const budget = newBudget(10 * MB);
    const leaving = new AbortController();
    const { signal } = leaving;
    open(LARGE, { ...ada, signal }, budget);
    expect(() => open(LARGE, bob, budget)).toThrow(refusal);
    leaving.abort();
    await open(LARGE, bob, budget).cancel();
    expect(bodyOf(LARGE, { ...ada, signal }, { budget })).toHaveLength(0);
    await open(LARGE, bob, budget).cancel();
  });

  it('whose reader takes a piece now and then is not given up', async () => {
    vi.useFakeTimers();
    const reader = open('x'.repeat(2 * MB), ada, newBudget()).getReader();
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

it('a page holds what is large only so often while earlier ones may be unread', () => {
  vi.useFakeTimers();
  const budget = newBudget();
  const mayHold = (reader: typeof ada) => mayBeInPage(30 * MB, reader, budget);
  expect([mayHold(ada), mayHold(ada), mayHold(ada)]).toEqual([true, true, false]);
  expect(mayBeInPage(1_000, ada, budget)).toBe(true);
  expect(mayHold({ userId: 'eve', address: '198.51.100.7' })).toBe(true);
  vi.advanceTimersByTime(2 * STALLED_CONNECTION_MS);
  expect(mayHold(ada)).toBe(true);
});
