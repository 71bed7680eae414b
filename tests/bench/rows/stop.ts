/** Stop, requested from the process that runs the answer and from another one. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchUser, newChat, requestModel } from '@/tests/bench/bench-users';
import { now } from '@/tests/bench/clock';
import type { BenchEnvironment } from '@/tests/bench/environment';
import { formatMs } from '@/tests/bench/format';
import type { Benchmark, Row } from '@/tests/bench/row';
import { percentile } from '@/tests/bench/stats';

const BUDGET_MS = 200;
const ROUNDS = 10;
const STAGGER_MS = 173;
const PACED = { count: 5_000, rate: 50 };

export const stop: Benchmark = {
  names: ['stop'],
  async run(environment) {
    const control = formatTimes(await measureControl(environment));
    const rows: Row[] = [];
    const url = await environment.database();
    const [app, otherApp] = [await environment.app(url), await environment.app(url)];
    const userOnFirst = await BenchUser.createGuest(app.baseUrl);
    const userOnSecond = userOnFirst.onServer(otherApp.baseUrl);
    rows.push(
      buildRow('same process', control, await measureStops(environment, userOnFirst, userOnFirst)),
    );
    rows.push(
      buildRow(
        'before the first token',
        control,
        await measureStops(environment, userOnFirst, userOnFirst, 60_000),
      ),
    );
    rows.push(
      buildRow(
        'another process, no Redis',
        control,
        await measureStops(environment, userOnFirst, userOnSecond),
      ),
    );
    await environment.clear();
    const env = { REDIS_URL: await environment.redis() };
    const [first, second] = [await environment.app(url, env), await environment.app(url, env)];
    const relayed = await measureStops(
      environment,
      userOnFirst.onServer(first.baseUrl),
      userOnFirst.onServer(second.baseUrl),
    );
    return [...rows, buildRow('another process, Redis', control, relayed)];
  },
};

/** Milliseconds from a disconnect until the model detects it. */
function measureControl(environment: BenchEnvironment): Promise<number[]> {
  return runStaggered(async () => {
    const key = randomUUID();
    const answer = await requestModel(environment.model, { ...PACED, key }).waitForTokens(10);
    const disconnectedAt = now();
    answer.disconnect();
    return (await environment.model.closedAt(key)) - disconnectedAt;
  });
}

/**
 * Milliseconds from the stop request until the model's connection is closed.
 * @param delay milliseconds before the model's first token; if not 0, the stop precedes it
 */
function measureStops(
  environment: BenchEnvironment,
  sender: BenchUser,
  stopper: BenchUser,
  delay = 0,
): Promise<number[]> {
  return runStaggered(async () => {
    const chat = newChat();
    const key = randomUUID();
    const answer = sender.send(chat, { ...PACED, key, delay });
    if (delay > 0) await sleep(300);
    else await answer.waitForTokens(20);
    const stoppedAt = now();
    await stopper.stop(chat.chatId);
    return (await environment.model.closedAt(key)) - stoppedAt;
  });
}

/** Runs all rounds concurrently, with runStaggered starts. */
function runStaggered(round: () => Promise<number>): Promise<number[]> {
  return Promise.all(
    Array.from({ length: ROUNDS }, async (_, i) => {
      await sleep(i * STAGGER_MS);
      return await round();
    }),
  );
}

function buildRow(where: string, control: string, measured: number[]): Row {
  return {
    label: `stop, ${where}: the model's connection is closed after`,
    control,
    measured: formatTimes(measured),
    budget: `all ≤ ${BUDGET_MS} ms`,
    within: Math.max(...measured) <= BUDGET_MS,
  };
}

function formatTimes(values: number[]): string {
  return `p50 ${formatMs(percentile(values, 0.5))}, longest ${formatMs(Math.max(...values))}`;
}
