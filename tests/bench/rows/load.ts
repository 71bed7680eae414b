/** Many concurrent answers at a reader's pace: CPU, memory, time to the first token, and lag. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type AnswerSpec, BenchUser, newChat, requestModel } from '@/tests/bench/bench-users';
import type { BenchEnvironment } from '@/tests/bench/environment';
import { formatCount, formatMs } from '@/tests/bench/format';
import { type MeasuredAnswer, startEvenly, waitForAll } from '@/tests/bench/measured-answer';
import { withProfile } from '@/tests/bench/profile';
import { type Benchmark, isNode24, type Row } from '@/tests/bench/row';
import { percentile } from '@/tests/bench/stats';
import { cpuOf, cpuOfProcessTree, peakMemoryOf } from '@/tests/bench/usage';

const RATE = 50;
const SECONDS = 12;
const CONTROL_SECONDS = 4;
/** Time over which the starts are spread. */
const START_MS = 1000;
/** Time after the last token for the final write and for releasing memory. */
const SETTLE_MS = 500;

type Budget = {
  streams: number;
  /** CPU seconds for 1,000 tokens, on Node 24. */
  cpu: number;
  /** Milliseconds to the first token, p95. */
  firstMs: number;
  /** Milliseconds behind the model, p99. */
  lagMs: number;
  peakMb?: number;
};

const BUDGETS: Budget[] = [
  { streams: 50, cpu: 0.1, firstMs: 60, lagMs: 100 },
  { streams: 200, cpu: 0.06, firstMs: 120, lagMs: 200 },
  { streams: 500, cpu: 0.045, firstMs: 600, lagMs: 350, peakMb: 400 },
];

/** One benchmark per number of streams, each on its own app. */
export const loads: Benchmark[] = BUDGETS.map((budget) => ({
  names: [
    `burst ${budget.streams} streams`,
    `cpu ${budget.streams} streams`,
    `lag ${budget.streams} streams`,
    ...(budget.peakMb ? [`memory ${budget.streams} streams`] : []),
  ],
  run: (environment) => measure(environment, budget),
}));

async function measure(environment: BenchEnvironment, budget: Budget): Promise<Row[]> {
  const { streams } = budget;
  const app = await environment.app(await environment.database());
  const users = await BenchUser.createGuests(app.baseUrl, streams);
  await warmUp(users, streams);
  const control = await runAnswers(streams, () =>
    requestModel(environment.model, { count: CONTROL_SECONDS * RATE, rate: RATE }),
  );
  await environment.model.sendLag();
  const before = readUsage(environment, app.pid());
  const answers = await withProfile(app, () =>
    runAnswers(streams, (i) =>
      userAt(users, i).send(newChat(), { count: SECONDS * RATE, rate: RATE }),
    ),
  );
  await sleep(SETTLE_MS);
  const after = readUsage(environment, app.pid());
  const modelLagMs = await environment.model.sendLag();
  const tokens = answers.reduce((total, answer) => total + answer.tokens, 0);
  return buildRows(budget, {
    control,
    answers,
    modelLagMs,
    appCpu: ((after.app - before.app) / tokens) * 1000,
    postgresCpu: ((after.postgres - before.postgres) / tokens) * 1000,
    peakMb: peakMemoryOf(app.pid()),
  });
}

/**
 * Lets the process JIT-compile its code before the measurement. Code that is hot only under many
 * concurrent streams needs a short run with the full number of streams.
 */
async function warmUp(users: BenchUser[], streams: number): Promise<void> {
  const spec: AnswerSpec = { count: 3 * RATE, rate: RATE };
  for (const count of [Math.min(50, streams), streams]) {
    await runAnswers(count, (i) => userAt(users, i).send(newChat(), spec));
  }
  await sleep(SETTLE_MS);
}

function userAt(users: BenchUser[], i: number): BenchUser {
  return users[i % users.length] as BenchUser;
}

async function runAnswers(
  count: number,
  startAnswer: (i: number) => MeasuredAnswer,
): Promise<MeasuredAnswer[]> {
  return await waitForAll(await startEvenly(count, START_MS, startAnswer));
}

function readUsage(environment: BenchEnvironment, pid: number): { app: number; postgres: number } {
  return { app: cpuOf(pid), postgres: cpuOfProcessTree(environment.postgres.pid()) };
}

type Measured = {
  control: MeasuredAnswer[];
  answers: MeasuredAnswer[];
  /** Send lag of the model itself, p99 in milliseconds. */
  modelLagMs: number;
  appCpu: number;
  postgresCpu: number;
  peakMb: number;
};

function buildRows(budget: Budget, measured: Measured): Row[] {
  const { streams, firstMs, lagMs, peakMb } = budget;
  const { control, answers, modelLagMs, appCpu, postgresCpu } = measured;
  const firstTokenTimes = answers.map((answer) => answer.firstTokenMs);
  const lags = answers.flatMap((answer) => answer.lags);
  const cpuBudget = budget.cpu * (isNode24 ? 1 : 1.7);
  const onNode24 = isNode24 ? '' : ' on Node 24';
  const rows: Row[] = [
    {
      label: `burst, first token, ${streams} streams started within 1 s`,
      control: formatTimes(
        control.map((answer) => answer.firstTokenMs),
        0.95,
      ),
      measured: formatTimes(firstTokenTimes, 0.95),
      budget: `p95 ≤ ${firstMs} ms${onNode24}`,
      within: percentile(firstTokenTimes, 0.95) <= firstMs,
    },
    {
      label: `cpu for 1,000 tokens, ${streams} streams of ${RATE} tokens/s`,
      control: '—',
      measured: `${appCpu.toFixed(3)} s, PostgreSQL ${postgresCpu.toFixed(3)} s`,
      budget: `≤ ${cpuBudget.toFixed(3)} s`,
      within: appCpu <= cpuBudget,
    },
    {
      label: `lag behind the model, ${streams} streams of ${RATE} tokens/s`,
      control: formatTimes(
        control.flatMap((answer) => answer.lags),
        0.99,
      ),
      measured: `${formatTimes(lags, 0.99)}; the model itself ${formatMs(modelLagMs)} late`,
      budget: `p99 ≤ ${lagMs} ms`,
      within: percentile(lags, 0.99) <= lagMs,
    },
  ];
  if (peakMb) {
    rows.push({
      label: `memory, ${streams} streams, at its peak`,
      control: '—',
      measured: `${formatCount(measured.peakMb)} MB`,
      budget: `≤ ${peakMb} MB`,
      within: measured.peakMb <= peakMb,
    });
  }
  return rows;
}

function formatTimes(values: number[], share: 0.95 | 0.99): string {
  const median = formatMs(percentile(values, 0.5));
  return `p50 ${median}, p${share * 100} ${formatMs(percentile(values, share))}`;
}
