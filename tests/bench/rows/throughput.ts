/** The tokens per second that one process sustains before it falls behind the model. */
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchUser, newChat, requestModel } from '@/tests/bench/bench-users';
import type { BenchEnvironment } from '@/tests/bench/environment';
import { formatCount, formatMs } from '@/tests/bench/format';
import { type MeasuredAnswer, startEvenly } from '@/tests/bench/measured-answer';
import { type Benchmark, isNode24, type Row } from '@/tests/bench/row';
import { percentile } from '@/tests/bench/stats';

const RATE = 50;
/** Numbers of streams, measured in order until a step is not sustained. */
const STEPS = [100, 200, 300, 400, 500, 600, 800];
const START_MS = 3_000;
/** The measurement starts after all streams have started, and ends before any of them ends. */
const SETTLE_MS = 500;
const MEASURE_MS = 4_000;
const COUNT = ((START_MS + MEASURE_MS + 3 * SETTLE_MS) / 1000) * RATE;
const STREAMS_PER_USER = 2;
const BUDGET = 20_000;

/** A load is sustained if tokens arrive as fast as they are generated, with at most this lag. */
const MAX_LAG_MS = 500;
/** Frames just before or after the measured time can change the result by up to this share. */
const THROUGHPUT_TOLERANCE = 0.05;

type Step = { streams: number; perSecond: number; lagMs: number };

export const throughput: Benchmark = {
  names: ['throughput'],
  async run(environment) {
    let lastSustained: Step | null = null;
    let firstFailed: Step | null = null;
    for (const streams of STEPS) {
      const step = await measureApp(environment, streams);
      if (!isSustained(step)) {
        firstFailed = step;
        break;
      }
      lastSustained = step;
    }
    const last = (firstFailed ?? lastSustained)?.streams ?? 0;
    const spec = { count: COUNT, rate: RATE };
    const control = await measure(last, () => requestModel(environment.model, spec));
    return [buildRow(lastSustained, firstFailed, control)];
  },
};

async function measureApp(environment: BenchEnvironment, streams: number): Promise<Step> {
  const app = await environment.app(await environment.database());
  const users = await BenchUser.createGuests(app.baseUrl, Math.ceil(streams / STREAMS_PER_USER));
  const startAnswer = (i: number) =>
    (users[i % users.length] as BenchUser).send(newChat(), { count: COUNT, rate: RATE });
  // Warms up the JIT, as in a process that has been running for a while.
  await measure(50, startAnswer);
  const step = await measure(streams, startAnswer);
  // An overloaded process needs no clean shutdown.
  if (!isSustained(step)) await app.kill9();
  await environment.clear();
  return step;
}

async function measure(streams: number, startAnswer: (i: number) => MeasuredAnswer): Promise<Step> {
  const answers = await startEvenly(streams, START_MS, startAnswer);
  await sleep(SETTLE_MS);
  const from = answers.map((answer) => answer.tokens);
  await sleep(MEASURE_MS);
  let receivedTokens = 0;
  const lags: number[] = [];
  answers.forEach((answer, i) => {
    receivedTokens += answer.tokens - (from[i] ?? 0);
    lags.push(...answer.lags.slice(from[i]));
    // An answer without any token lags by as long as it has waited.
    if (answer.tokens === 0) lags.push(START_MS + MEASURE_MS);
  });
  await sleep(3 * SETTLE_MS);
  for (const answer of answers) answer.disconnect();
  return {
    streams,
    perSecond: receivedTokens / (MEASURE_MS / 1000),
    lagMs: percentile(lags, 0.99),
  };
}

function isSustained({ streams, perSecond, lagMs }: Step): boolean {
  return lagMs <= MAX_LAG_MS && perSecond >= streams * RATE * (1 - THROUGHPUT_TOLERANCE);
}

function buildRow(lastSustained: Step | null, firstFailed: Step | null, control: Step): Row {
  const formatStep = ({ streams, perSecond, lagMs }: Step) =>
    `${formatCount(perSecond)}/s in ${streams} streams, lag p99 ${formatMs(lagMs)}`;
  return {
    label: 'throughput: tokens/s of one process with lag p99 ≤ 0.5 s',
    control: formatStep(control),
    measured: [
      lastSustained && formatStep(lastSustained),
      firstFailed && `too much: ${formatStep(firstFailed)}`,
    ]
      .filter(Boolean)
      .join('; '),
    budget: `≥ ${formatCount(BUDGET)}/s${isNode24 ? '' : ' on Node 24'}`,
    within: (lastSustained?.perSecond ?? 0) >= BUDGET * (1 - THROUGHPUT_TOLERANCE),
  };
}
