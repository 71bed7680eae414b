/** Many answers at once, at a reader's pace: what they cost, and how long they keep people waiting. */
import { setTimeout as sleep } from 'node:timers/promises';
import { count, ms } from '../format';
import { allWhole, type Hearing, startSpread } from '../hearing';
import { askModel, newChat, Person, type Wish } from '../people';
import { profiled } from '../profile';
import { type Benchmark, isNode24, type Row } from '../row';
import type { Stage } from '../stage';
import { percentile } from '../stats';
import { cpuOf, cpuOfFamily, peakMemoryOf } from '../usage';

const RATE = 50;
const SECONDS = 12;
const CONTROL_SECONDS = 4;
/** The starts are spread over this time. */
const START_MS = 1000;
/** What comes after the last token: the final write, and memory that is let go. */
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

/** One benchmark a number of streams, each on an app of its own. */
export const loads: Benchmark[] = BUDGETS.map((budget) => ({
  names: [
    `burst ${budget.streams} streams`,
    `cpu ${budget.streams} streams`,
    `lag ${budget.streams} streams`,
    ...(budget.peakMb ? [`memory ${budget.streams} streams`] : []),
  ],
  run: (stage) => measure(stage, budget),
}));

async function measure(stage: Stage, budget: Budget): Promise<Row[]> {
  const { streams } = budget;
  const app = await stage.app(await stage.database());
  const people = await Person.arriveAll(app.baseUrl, streams);
  await warmUp(people, streams);
  const control = await hearAll(streams, () =>
    askModel(stage.model, { count: CONTROL_SECONDS * RATE, rate: RATE }),
  );
  await stage.model.lateness();
  const before = usage(stage, app.pid());
  const answers = await profiled(app, () =>
    hearAll(streams, (i) =>
      personOf(people, i).ask(newChat(), { count: SECONDS * RATE, rate: RATE }),
    ),
  );
  await sleep(SETTLE_MS);
  const after = usage(stage, app.pid());
  const late = await stage.model.lateness();
  const tokens = answers.reduce((total, answer) => total + answer.tokens, 0);
  return rowsOf(budget, {
    control,
    answers,
    late,
    appCpu: ((after.app - before.app) / tokens) * 1000,
    postgresCpu: ((after.postgres - before.postgres) / tokens) * 1000,
    peakMb: peakMemoryOf(app.pid()),
  });
}

/**
 * A busy process runs compiled code; it is not measured while it compiles. What only a rush runs often
 * is compiled by a rush: a short one comes before the one that is measured.
 */
async function warmUp(people: Person[], streams: number): Promise<void> {
  const wish: Wish = { count: 3 * RATE, rate: RATE };
  for (const howMany of [Math.min(50, streams), streams]) {
    await hearAll(howMany, (i) => personOf(people, i).ask(newChat(), wish));
  }
  await sleep(SETTLE_MS);
}

function personOf(people: Person[], i: number): Person {
  return people[i % people.length] as Person;
}

async function hearAll(howMany: number, ask: (i: number) => Hearing): Promise<Hearing[]> {
  return await allWhole(await startSpread(howMany, START_MS, ask));
}

function usage(stage: Stage, pid: number): { app: number; postgres: number } {
  return { app: cpuOf(pid), postgres: cpuOfFamily(stage.postgres.pid()) };
}

type Measured = {
  control: Hearing[];
  answers: Hearing[];
  /** How late the model itself was, p99. */
  late: number;
  appCpu: number;
  postgresCpu: number;
  peakMb: number;
};

function rowsOf(budget: Budget, measured: Measured): Row[] {
  const { streams, firstMs, lagMs, peakMb } = budget;
  const { control, answers, late, appCpu, postgresCpu } = measured;
  const firsts = answers.map((answer) => answer.firstTokenMs);
  const lags = answers.flatMap((answer) => answer.lags);
  const cpuBudget = budget.cpu * (isNode24 ? 1 : 1.7);
  const onNode24 = isNode24 ? '' : ' on Node 24';
  const rows: Row[] = [
    {
      what: `burst, first token, ${streams} streams begun within 1 s`,
      control: times(
        control.map((answer) => answer.firstTokenMs),
        0.95,
      ),
      ours: times(firsts, 0.95),
      budget: `p95 ≤ ${firstMs} ms${onNode24}`,
      within: percentile(firsts, 0.95) <= firstMs,
    },
    {
      what: `cpu for 1,000 tokens, ${streams} streams of ${RATE} tokens/s`,
      control: '—',
      ours: `${appCpu.toFixed(3)} s, PostgreSQL ${postgresCpu.toFixed(3)} s`,
      budget: `≤ ${cpuBudget.toFixed(3)} s`,
      within: appCpu <= cpuBudget,
    },
    {
      what: `lag behind the model, ${streams} streams of ${RATE} tokens/s`,
      control: times(
        control.flatMap((answer) => answer.lags),
        0.99,
      ),
      ours: `${times(lags, 0.99)}; the model itself ${ms(late)} late`,
      budget: `p99 ≤ ${lagMs} ms`,
      within: percentile(lags, 0.99) <= lagMs,
    },
  ];
  if (peakMb) {
    rows.push({
      what: `memory, ${streams} streams, at its peak`,
      control: '—',
      ours: `${count(measured.peakMb)} MB`,
      budget: `≤ ${peakMb} MB`,
      within: measured.peakMb <= peakMb,
    });
  }
  return rows;
}

function times(values: number[], share: 0.95 | 0.99): string {
  const median = ms(percentile(values, 0.5));
  return `p50 ${median}, p${share * 100} ${ms(percentile(values, share))}`;
}
