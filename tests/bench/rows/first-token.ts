/** Time to the first token, one request at a time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type AnswerSpec, BenchUser, newChat, requestModel } from '@/tests/bench/bench-users';
import type { BenchEnvironment } from '@/tests/bench/environment';
import { formatCount, formatDistribution } from '@/tests/bench/format';
import { withProfile } from '@/tests/bench/profile';
import type { Benchmark, Row } from '@/tests/bench/row';
import { seedOtherUsers } from '@/tests/bench/seed-other-users';
import { median } from '@/tests/bench/stats';

/** JIT compilation takes hundreds of requests and must be finished in both processes. */
const WARM_UP_ROUNDS = 150;
const ROUNDS = 40;
const OTHER_MESSAGES = 500_000;
const SLOW_TITLE_MS = 300;
const MODEL_DELAY_MS = 50;
/** Time for the work after an answer's end, so that it does not delay the next request. */
const PAUSE_MS = 15;

const ANSWER = { count: 5 };
const SLOW_TITLE = { ...ANSWER, title: SLOW_TITLE_MS };
const DELAYED = { ...ANSWER, delay: MODEL_DELAY_MS };

/** Milliseconds to the first token, for the first and the second turn of chats. */
type Turns = { first: number[]; next: number[] };
type Samples = Record<'plain' | 'delayed' | 'slowTitle', Turns>;
type Control = Record<'direct' | 'delayed', number[]>;
/** A user of the app on one of the two databases. */
type Subject = { user: BenchUser; samples: Samples };

const newTurns = (): Turns => ({ first: [], next: [] });
const newSamples = (): Samples => ({
  plain: newTurns(),
  delayed: newTurns(),
  slowTitle: newTurns(),
});

export const firstToken: Benchmark = {
  names: ['first-token'],
  async run(environment) {
    const [emptyUrl, fullUrl] = [await environment.database(), await environment.database()];
    await seedOtherUsers(fullUrl, OTHER_MESSAGES);
    const [empty, full] = [await environment.app(emptyUrl), await environment.app(fullUrl)];
    const onEmptyDatabase: Subject = {
      user: await BenchUser.createGuest(empty.baseUrl),
      samples: newSamples(),
    };
    const onFullDatabase: Subject = {
      user: await BenchUser.createGuest(full.baseUrl),
      samples: newSamples(),
    };
    for (let round = 0; round < WARM_UP_ROUNDS; round++) {
      for (const { user } of [onEmptyDatabase, onFullDatabase]) await twoTurns(user, ANSWER);
    }
    const control = { direct: [], delayed: [] };
    await withProfile(empty, () =>
      measure(environment, [onEmptyDatabase, onFullDatabase], control),
    );
    return buildRows(control, onEmptyDatabase.samples, onFullDatabase.samples);
  },
};

/**
 * Interleaves all cases and alternates the order of the databases, because a process responds more
 * slowly after idle time. Other load on the machine then affects all cases equally.
 */
async function measure(
  environment: BenchEnvironment,
  subjects: Subject[],
  control: Control,
): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    control.direct.push((await requestModel(environment.model, ANSWER).waitForEnd()).firstTokenMs);
    control.delayed.push(
      (await requestModel(environment.model, DELAYED).waitForEnd()).firstTokenMs,
    );
    for (const { user, samples } of round % 2 === 0 ? subjects : subjects.toReversed()) {
      await twoTurns(user, ANSWER, samples.plain);
      await twoTurns(user, DELAYED, samples.delayed);
      await twoTurns(user, SLOW_TITLE, samples.slowTitle);
      // The title of the last case is still being generated.
      await sleep(SLOW_TITLE_MS);
    }
  }
}

/** Sends the first two messages of a chat, with a pause after each answer. */
async function twoTurns(user: BenchUser, spec: AnswerSpec, turns?: Turns): Promise<void> {
  const chat = newChat();
  const first = await user.send(chat, spec).waitForEnd();
  turns?.first.push(first.firstTokenMs);
  await sleep(PAUSE_MS);
  const parentId = String(first.headers['x-message-id']);
  const next = await user.send({ ...chat, parentId }, spec).waitForEnd();
  turns?.next.push(next.firstTokenMs);
  await sleep(PAUSE_MS);
}

function buildRows(control: Control, onEmptyDatabase: Samples, onFullDatabase: Samples): Row[] {
  const direct = formatDistribution(control.direct);
  const delayed = formatDistribution(control.delayed);
  const suffix = `among ${formatCount(OTHER_MESSAGES)} other messages`;
  const slow = `title takes ${SLOW_TITLE_MS} ms`;
  const late = `model waits ${MODEL_DELAY_MS} ms`;
  const { plain } = onEmptyDatabase;
  return [
    budgetRow('new chat', direct, plain.first, 10),
    budgetRow('next turn', direct, plain.next, 8),
    differenceRow(`new chat, ${suffix}`, direct, onFullDatabase.plain.first, plain.first),
    differenceRow(`next turn, ${suffix}`, direct, onFullDatabase.plain.next, plain.next),
    differenceRow(`new chat, ${slow}`, direct, onEmptyDatabase.slowTitle.first, plain.first),
    differenceRow(`next turn, ${slow}`, direct, onEmptyDatabase.slowTitle.next, plain.next),
    budgetRow(`new chat, ${late}`, delayed, onEmptyDatabase.delayed.first, 10),
    budgetRow(`next turn, ${late}`, delayed, onEmptyDatabase.delayed.next, 8),
  ];
}

function budgetRow(label: string, control: string, measured: number[], budgetMs: number): Row {
  const within = median(measured) <= budgetMs;
  const budget = `p50 ≤ ${budgetMs} ms`;
  return {
    label: `first-token, ${label}`,
    control,
    measured: formatDistribution(measured),
    budget,
    within,
  };
}

function differenceRow(
  label: string,
  control: string,
  measured: number[],
  baseline: number[],
): Row {
  const difference = median(measured) - median(baseline);
  return {
    label: `first-token, ${label}`,
    control,
    measured: `${formatDistribution(measured)}: ${difference < 0 ? '−' : '+'}${Math.abs(difference).toFixed(2)} ms`,
    budget: '≤ 1 ms more',
    within: difference <= 1,
  };
}
