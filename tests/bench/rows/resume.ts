/** Somebody loses the connection in the middle of an answer and comes back. */
import { setTimeout as sleep } from 'node:timers/promises';
import { spread } from '../format';
import { newChat, Person } from '../people';
import type { Benchmark, Row } from '../row';
import { median } from '../stats';

const RATE = 50;
const LEAVE_AFTER = 50;
const PEOPLE = 10;
/** Comes between two people, so that they meet all moments of a window. */
const APART_MS = 137;
const BUDGETS = [
  { awayMs: 500, budgetMs: 25 },
  { awayMs: 4_000, budgetMs: 40 },
];

export const resume: Benchmark = {
  names: ['resume'],
  async run(stage) {
    const app = await stage.app(await stage.database());
    const people = await Person.arriveAll(app.baseUrl, PEOPLE);
    await all(people, 100);
    const rows: Row[] = [];
    for (const { awayMs, budgetMs } of BUDGETS) {
      const ours = await all(people, awayMs);
      rows.push({
        what: `resume: back and caught up after ${awayMs / 1000} s away`,
        control: '—',
        ours: spread(ours),
        budget: `p50 ≤ ${budgetMs} ms`,
        within: median(ours) <= budgetMs,
      });
    }
    return rows;
  },
};

function all(people: Person[], awayMs: number): Promise<number[]> {
  return Promise.all(
    people.map(async (person, i) => {
      await sleep(i * APART_MS);
      return await comeBack(person, awayMs);
    }),
  );
}

/**
 * Milliseconds from the request to having all that somebody had at that moment who never left.
 * @throws where a token is missing, or there twice
 */
async function comeBack(person: Person, awayMs: number): Promise<number> {
  const chat = newChat();
  const total = LEAVE_AFTER + ((awayMs + 1_000) / 1000) * RATE;
  const left = await person.ask(chat, { count: total, rate: RATE }).heard(1);
  const stayed = person.resume(chat.chatId, 0);
  await left.heard(LEAVE_AFTER);
  left.leave();
  await sleep(awayMs);
  const back = person.resume(chat.chatId, left.lines);
  await Promise.all([back.whole(), stayed.whole()]);
  if (left.tokens + back.tokens !== total || stayed.tokens !== total) {
    throw new Error(`${left.tokens} and ${back.tokens} of ${total} tokens came`);
  }
  const known = stayed.heardAt.filter((at) => at <= back.askedAt).length;
  const missing = Math.max(1, known - left.tokens);
  return (back.heardAt[missing - 1] ?? Number.NaN) - back.askedAt;
}
