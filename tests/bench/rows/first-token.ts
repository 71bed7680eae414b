/** The first token, asked for one at a time. */
import { setTimeout as sleep } from 'node:timers/promises';
import { count, spread } from '../format';
import { fillWithOthers } from '../others';
import { askModel, newChat, Person, type Wish } from '../people';
import { profiled } from '../profile';
import type { Benchmark, Row } from '../row';
import type { Stage } from '../stage';
import { median } from '../stats';

/** Compiling goes on for hundreds of requests, and must be over in both processes alike. */
const WARM_UP_ROUNDS = 150;
const ROUNDS = 50;
const OTHERS = 500_000;
const SLOW_TITLE_MS = 300;
const MODEL_DELAY_MS = 50;
/** What an answer leaves to do after its end, which the next one shall not wait for. */
const PAUSE_MS = 15;

const ANSWER = { count: 5 };
const SLOW_TITLE = { ...ANSWER, title: SLOW_TITLE_MS };
const DELAYED = { ...ANSWER, delay: MODEL_DELAY_MS };

/** Milliseconds to the first token, by case. */
type Samples = Record<'direct' | 'delayedDirect', number[]> &
  Record<'empty' | 'full' | 'slowTitle' | 'delayed', { first: number[]; next: number[] }>;

const newSamples = (): Samples => ({
  direct: [],
  delayedDirect: [],
  empty: { first: [], next: [] },
  full: { first: [], next: [] },
  slowTitle: { first: [], next: [] },
  delayed: { first: [], next: [] },
});

export const firstToken: Benchmark = {
  names: ['first-token'],
  async run(stage) {
    const [emptyUrl, fullUrl] = [await stage.database(), await stage.database()];
    await fillWithOthers(fullUrl, OTHERS);
    const [empty, full] = [await stage.app(emptyUrl), await stage.app(fullUrl)];
    const here = await Person.arrive(empty.baseUrl);
    const among = await Person.arrive(full.baseUrl);
    for (let round = 0; round < WARM_UP_ROUNDS; round++) {
      await twoTurns(here, ANSWER, newSamples().empty);
      await twoTurns(among, ANSWER, newSamples().full);
    }
    return rowsOf(await profiled(empty, () => measure(stage, here, among)));
  },
};

/** All cases in turn, so that what the machine does besides meets them alike. */
async function measure(stage: Stage, here: Person, among: Person): Promise<Samples> {
  const samples = newSamples();
  for (let round = 0; round < ROUNDS; round++) {
    samples.direct.push((await askModel(stage.model, ANSWER).whole()).firstTokenMs);
    samples.delayedDirect.push((await askModel(stage.model, DELAYED).whole()).firstTokenMs);
    await twoTurns(here, ANSWER, samples.empty);
    await twoTurns(among, ANSWER, samples.full);
    await twoTurns(here, DELAYED, samples.delayed);
    await twoTurns(here, SLOW_TITLE, samples.slowTitle);
    // The title of the last case is still being made.
    await sleep(SLOW_TITLE_MS);
  }
  return samples;
}

/** The first two turns of a chat, as a person would take them: with a moment between. */
async function twoTurns(
  person: Person,
  wish: Wish,
  into: { first: number[]; next: number[] },
): Promise<void> {
  const chat = newChat();
  const first = await person.ask(chat, wish).whole();
  into.first.push(first.firstTokenMs);
  await sleep(PAUSE_MS);
  const parentId = String(first.headers['x-message-id']);
  const next = await person.ask({ ...chat, parentId }, wish).whole();
  into.next.push(next.firstTokenMs);
  await sleep(PAUSE_MS);
}

function rowsOf(samples: Samples): Row[] {
  const { empty, full, slowTitle, delayed } = samples;
  const control = spread(samples.direct);
  const others = `among ${count(OTHERS)} other messages`;
  return [
    absolute('first-token, new chat', control, empty.first, 10),
    absolute('first-token, next turn', control, empty.next, 8),
    more(`first-token, new chat, ${others}`, control, full.first, empty.first),
    more(`first-token, next turn, ${others}`, control, full.next, empty.next),
    more(
      `first-token, new chat, title takes ${SLOW_TITLE_MS} ms`,
      control,
      slowTitle.first,
      empty.first,
    ),
    more(
      `first-token, next turn, title takes ${SLOW_TITLE_MS} ms`,
      control,
      slowTitle.next,
      empty.next,
    ),
    absolute(
      `first-token, new chat, model waits ${MODEL_DELAY_MS} ms`,
      spread(samples.delayedDirect),
      delayed.first,
      10,
    ),
    absolute(
      `first-token, next turn, model waits ${MODEL_DELAY_MS} ms`,
      spread(samples.delayedDirect),
      delayed.next,
      8,
    ),
  ];
}

function absolute(what: string, control: string, ours: number[], budgetMs: number): Row {
  const within = median(ours) <= budgetMs;
  return { what, control, ours: spread(ours), budget: `p50 ≤ ${budgetMs} ms`, within };
}

function more(what: string, control: string, ours: number[], without: number[]): Row {
  const difference = median(ours) - median(without);
  return {
    what,
    control,
    ours: `${spread(ours)}: ${difference < 0 ? '−' : '+'}${Math.abs(difference).toFixed(2)} ms`,
    budget: '≤ 1 ms more',
    within: difference <= 1,
  };
}
