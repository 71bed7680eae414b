/** Stop, from the process that makes the answer and from another one. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { now } from '../clock';
import { ms } from '../format';
import { askModel, newChat, Person } from '../people';
import type { Benchmark, Row } from '../row';
import type { Stage } from '../stage';
import { percentile } from '../stats';

const BUDGET_MS = 200;
const ROUNDS = 10;
const APART_MS = 173;
const PACED = { count: 5_000, rate: 50 };

export const stop: Benchmark = {
  names: ['stop'],
  async run(stage) {
    const control = times(await closedDirectly(stage));
    const rows: Row[] = [];
    const url = await stage.database();
    const [one, other] = [await stage.app(url), await stage.app(url)];
    const here = await Person.arrive(one.baseUrl);
    const there = here.at(other.baseUrl);
    rows.push(rowOf('same process', control, await stopAll(stage, here, here)));
    rows.push(rowOf('before the first token', control, await stopAll(stage, here, here, 60_000)));
    rows.push(rowOf('another process, no Redis', control, await stopAll(stage, here, there)));
    await stage.clear();
    const env = { REDIS_URL: await stage.redis() };
    const [first, second] = [await stage.app(url, env), await stage.app(url, env)];
    const relayed = await stopAll(stage, here.at(first.baseUrl), here.at(second.baseUrl));
    return [...rows, rowOf('another process, Redis', control, relayed)];
  },
};

/** Milliseconds from hanging up on the model to its noticing it. */
function closedDirectly(stage: Stage): Promise<number[]> {
  return inTurn(async () => {
    const key = randomUUID();
    const answer = await askModel(stage.model, { ...PACED, key }).heard(10);
    const leftAt = now();
    answer.leave();
    return (await stage.model.closedAt(key)) - leftAt;
  });
}

/**
 * Milliseconds from asking for the stop to the end of the model's connection.
 * @param delay what the model takes for its first token: stopped before that
 */
function stopAll(stage: Stage, asker: Person, stopper: Person, delay = 0): Promise<number[]> {
  return inTurn(async () => {
    const chat = newChat();
    const key = randomUUID();
    const answer = asker.ask(chat, { ...PACED, key, delay });
    if (delay > 0) await sleep(300);
    else await answer.heard(20);
    const stoppedAt = now();
    await stopper.stop(chat.chatId);
    return (await stage.model.closedAt(key)) - stoppedAt;
  });
}

/** Side by side, but not at once. */
function inTurn(round: () => Promise<number>): Promise<number[]> {
  return Promise.all(
    Array.from({ length: ROUNDS }, async (_, i) => {
      await sleep(i * APART_MS);
      return await round();
    }),
  );
}

function rowOf(where: string, control: string, ours: number[]): Row {
  return {
    what: `stop, ${where}: the model's connection is closed after`,
    control,
    ours: times(ours),
    budget: `all ≤ ${BUDGET_MS} ms`,
    within: Math.max(...ours) <= BUDGET_MS,
  };
}

function times(values: number[]): string {
  return `p50 ${ms(percentile(values, 0.5))}, longest ${ms(Math.max(...values))}`;
}
