/** One long answer of a model that is faster than anybody reads. */
import { spread } from '../format';
import type { Hearing } from '../hearing';
import { askModel, newChat, Person } from '../people';
import type { Benchmark } from '../row';
import { median } from '../stats';

const TOKENS = 5_000;
const WARM_UP_ROUNDS = 5;
const ROUNDS = 10;
const BUDGET_MS = 100;

export const longAnswer: Benchmark = {
  names: ['long-answer'],
  async run(stage) {
    const app = await stage.app(await stage.database());
    const person = await Person.arrive(app.baseUrl);
    const control: number[] = [];
    const ours: number[] = [];
    for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
      const direct = await whole(askModel(stage.model, { count: TOKENS }));
      const through = await whole(person.ask(newChat(), { count: TOKENS }));
      if (round < 0) continue;
      control.push(direct);
      ours.push(through);
    }
    return [
      {
        what: 'long-answer: 5,000 tokens as fast as they come',
        control: spread(control),
        ours: spread(ours),
        budget: `p50 ≤ ${BUDGET_MS} ms`,
        within: median(ours) <= BUDGET_MS,
      },
    ];
  },
};

/** Milliseconds to the last line. @throws where tokens are missing */
async function whole(answer: Hearing): Promise<number> {
  const { tokens, endedAt, askedAt } = await answer.whole();
  if (tokens !== TOKENS) throw new Error(`${tokens} of ${TOKENS} tokens came`);
  return endedAt - askedAt;
}
