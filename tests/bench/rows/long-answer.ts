/** One long answer of a model that sends at full speed. */

import { BenchUser, newChat, requestModel } from '@/tests/bench/bench-users';
import { formatDistribution } from '@/tests/bench/format';
import type { MeasuredAnswer } from '@/tests/bench/measured-answer';
import type { Benchmark } from '@/tests/bench/row';
import { median } from '@/tests/bench/stats';

const TOKENS = 5_000;
const WARM_UP_ROUNDS = 5;
const ROUNDS = 10;
const BUDGET_MS = 100;

export const longAnswer: Benchmark = {
  names: ['long-answer'],
  async run(environment) {
    const app = await environment.app(await environment.database());
    const user = await BenchUser.createGuest(app.baseUrl);
    const control: number[] = [];
    const measured: number[] = [];
    for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
      const direct = await measureAnswer(requestModel(environment.model, { count: TOKENS }));
      const throughApp = await measureAnswer(user.send(newChat(), { count: TOKENS }));
      if (round < 0) continue;
      control.push(direct);
      measured.push(throughApp);
    }
    return [
      {
        label: 'long-answer: 5,000 tokens at full speed',
        control: formatDistribution(control),
        measured: formatDistribution(measured),
        budget: `p50 ≤ ${BUDGET_MS} ms`,
        within: median(measured) <= BUDGET_MS,
      },
    ];
  },
};

/** Milliseconds to the last line. @throws if tokens are missing */
async function measureAnswer(answer: MeasuredAnswer): Promise<number> {
  const { tokens, endedAt, requestedAt } = await answer.waitForEnd();
  if (tokens !== TOKENS) throw new Error(`${tokens} of ${TOKENS} tokens arrived`);
  return endedAt - requestedAt;
}
