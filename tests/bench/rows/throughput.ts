/** How many tokens a second one process bears before it falls behind the model. */
import { setTimeout as sleep } from 'node:timers/promises';
import { count, ms } from '../format';
import { type Hearing, startSpread } from '../hearing';
import { askModel, newChat, Person } from '../people';
import { type Benchmark, isNode24, type Row } from '../row';
import type { Stage } from '../stage';
import { percentile } from '../stats';

const RATE = 50;
/** More and more streams, until one is too much. */
const STEPS = [100, 200, 300, 400, 500, 600, 800];
const START_MS = 3_000;
/** What is measured begins when all have begun, and ends before any of them ends. */
const CALM_MS = 500;
const MEASURE_MS = 4_000;
const COUNT = ((START_MS + MEASURE_MS + 3 * CALM_MS) / 1000) * RATE;
const STREAMS_PER_PERSON = 2;
const BUDGET = 20_000;

/** It bears a load where tokens come as fast as they are made, and not much later. */
const BEARABLE_LAG_MS = 500;
/** Frames that come just before or after the measured time make up to this much. */
const BEARABLE_LOSS = 0.05;

type Step = { streams: number; perSecond: number; lagMs: number };

export const throughput: Benchmark = {
  names: ['throughput'],
  async run(stage) {
    let best: Step | null = null;
    let worse: Step | null = null;
    for (const streams of STEPS) {
      const step = await measureApp(stage, streams);
      if (!bears(step)) {
        worse = step;
        break;
      }
      best = step;
    }
    const last = (worse ?? best)?.streams ?? 0;
    const wish = { count: COUNT, rate: RATE };
    const control = await measure(last, () => askModel(stage.model, wish));
    return [rowOf(best, worse, control)];
  },
};

async function measureApp(stage: Stage, streams: number): Promise<Step> {
  const app = await stage.app(await stage.database());
  const people = await Person.arriveAll(app.baseUrl, Math.ceil(streams / STREAMS_PER_PERSON));
  const ask = (i: number) =>
    (people[i % people.length] as Person).ask(newChat(), { count: COUNT, rate: RATE });
  // Compiled code, as in a process that has been at work.
  await measure(50, ask);
  const step = await measure(streams, ask);
  // What an overloaded process has left to do is of no interest.
  if (!bears(step)) await app.kill9();
  await stage.clear();
  return step;
}

async function measure(streams: number, ask: (i: number) => Hearing): Promise<Step> {
  const answers = await startSpread(streams, START_MS, ask);
  await sleep(CALM_MS);
  const from = answers.map((answer) => answer.tokens);
  await sleep(MEASURE_MS);
  let heard = 0;
  const lags: number[] = [];
  answers.forEach((answer, i) => {
    heard += answer.tokens - (from[i] ?? 0);
    lags.push(...answer.lags.slice(from[i]));
    // Nothing has come of an answer that still waits at the door: it is as late as it has waited.
    if (answer.tokens === 0) lags.push(START_MS + MEASURE_MS);
  });
  await sleep(3 * CALM_MS);
  for (const answer of answers) answer.leave();
  return { streams, perSecond: heard / (MEASURE_MS / 1000), lagMs: percentile(lags, 0.99) };
}

function bears({ streams, perSecond, lagMs }: Step): boolean {
  return lagMs <= BEARABLE_LAG_MS && perSecond >= streams * RATE * (1 - BEARABLE_LOSS);
}

function rowOf(best: Step | null, worse: Step | null, control: Step): Row {
  const tell = ({ streams, perSecond, lagMs }: Step) =>
    `${count(perSecond)}/s in ${streams} streams, lag p99 ${ms(lagMs)}`;
  return {
    what: 'throughput: tokens/s of one process with lag p99 ≤ 0.5 s',
    control: tell(control),
    ours: [best && tell(best), worse && `too much: ${tell(worse)}`].filter(Boolean).join('; '),
    budget: `≥ ${count(BUDGET)}/s${isNode24 ? '' : ' on Node 24'}`,
    within: (best?.perSecond ?? 0) >= BUDGET * (1 - BEARABLE_LOSS),
  };
}
