/** A user loses the connection during an answer and resumes it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchUser, newChat } from '@/tests/bench/bench-users';
import { formatDistribution } from '@/tests/bench/format';
import type { Benchmark, Row } from '@/tests/bench/row';
import { median } from '@/tests/bench/stats';

const RATE = 50;
const DISCONNECT_AFTER_TOKENS = 50;
const USERS = 10;
/** Delay between two users, so that they resume at different phases of buffers and timers. */
const STAGGER_MS = 137;
const BUDGETS = [
  { awayMs: 500, budgetMs: 25 },
  { awayMs: 4_000, budgetMs: 40 },
];

export const resume: Benchmark = {
  names: ['resume'],
  async run(environment) {
    const app = await environment.app(await environment.database());
    const users = await BenchUser.createGuests(app.baseUrl, USERS);
    await measureAll(users, 100);
    const rows: Row[] = [];
    for (const { awayMs, budgetMs } of BUDGETS) {
      const measured = await measureAll(users, awayMs);
      rows.push({
        label: `resume: back and caught up after ${awayMs / 1000} s away`,
        control: '—',
        measured: formatDistribution(measured),
        budget: `p50 ≤ ${budgetMs} ms`,
        within: median(measured) <= budgetMs,
      });
    }
    return rows;
  },
};

function measureAll(users: BenchUser[], awayMs: number): Promise<number[]> {
  return Promise.all(
    users.map(async (user, i) => {
      await sleep(i * STAGGER_MS);
      return await measureResume(user, awayMs);
    }),
  );
}

/**
 * Milliseconds from the request until all tokens are received that an uninterrupted reader had at
 * the time of the request.
 * @throws if a token is missing or duplicated
 */
async function measureResume(user: BenchUser, awayMs: number): Promise<number> {
  const chat = newChat();
  const total = DISCONNECT_AFTER_TOKENS + ((awayMs + 1_000) / 1000) * RATE;
  const first = await user.send(chat, { count: total, rate: RATE }).waitForTokens(1);
  const uninterrupted = user.resume(chat.chatId, 0);
  await first.waitForTokens(DISCONNECT_AFTER_TOKENS);
  first.disconnect();
  await sleep(awayMs);
  const resumed = user.resume(chat.chatId, first.lines);
  await Promise.all([resumed.waitForEnd(), uninterrupted.waitForEnd()]);
  if (first.tokens + resumed.tokens !== total || uninterrupted.tokens !== total) {
    throw new Error(`${first.tokens} and ${resumed.tokens} of ${total} tokens came`);
  }
  const receivedBefore = uninterrupted.receivedAt.filter((at) => at <= resumed.requestedAt).length;
  const missing = Math.max(1, receivedBefore - first.tokens);
  return (resumed.receivedAt[missing - 1] ?? Number.NaN) - resumed.requestedAt;
}
