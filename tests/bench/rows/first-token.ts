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
const ROUNDS = 40;
const OTHERS = 500_000;
const SLOW_TITLE_MS = 300;
const MODEL_DELAY_MS = 50;
/** What an answer leaves to do after its end, which the next one shall not wait for. */
const PAUSE_MS = 15;

const ANSWER = { count: 5 };
const SLOW_TITLE = { ...ANSWER, title: SLOW_TITLE_MS };
const DELAYED = { ...ANSWER, delay: MODEL_DELAY_MS };

/** Milliseconds to the first token, of a chat's first turn and of its second. */
type Turns = { first: number[]; next: number[] };
type Samples = Record<'plain' | 'delayed' | 'slowTitle', Turns>;
type Control = Record<'direct' | 'delayed', number[]>;
/** A person at one of the two databases. */
type Side = { person: Person; samples: Samples };

const newTurns = (): Turns => ({ first: [], next: [] });
const newSamples = (): Samples => ({
  plain: newTurns(),
  delayed: newTurns(),
  slowTitle: newTurns(),
});

export const firstToken: Benchmark = {
  names: ['first-token'],
  async run(stage) {
    const [emptyUrl, fullUrl] = [await stage.database(), await stage.database()];
    await fillWithOthers(fullUrl, OTHERS);
    const [empty, full] = [await stage.app(emptyUrl), await stage.app(fullUrl)];
    const alone: Side = { person: await Person.arrive(empty.baseUrl), samples: newSamples() };
    const among: Side = { person: await Person.arrive(full.baseUrl), samples: newSamples() };
    for (let round = 0; round < WARM_UP_ROUNDS; round++) {
      for (const { person } of [alone, among]) await twoTurns(person, ANSWER);
    }
    const control = { direct: [], delayed: [] };
    await profiled(empty, () => measure(stage, [alone, among], control));
    return rowsOf(control, alone.samples, among.samples);
  },
};

/**
 * All cases in turn, and both databases alike, since a process that has just rested answers later.
 * What is done besides on the machine then meets all of them alike.
 */
async function measure(stage: Stage, sides: Side[], control: Control): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    control.direct.push((await askModel(stage.model, ANSWER).whole()).firstTokenMs);
    control.delayed.push((await askModel(stage.model, DELAYED).whole()).firstTokenMs);
    for (const { person, samples } of round % 2 === 0 ? sides : sides.toReversed()) {
      await twoTurns(person, ANSWER, samples.plain);
      await twoTurns(person, DELAYED, samples.delayed);
      await twoTurns(person, SLOW_TITLE, samples.slowTitle);
      // The title of the last case is still being made.
      await sleep(SLOW_TITLE_MS);
    }
  }
}

/** The first two turns of a chat, as a person would take them: with a moment between. */
async function twoTurns(person: Person, wish: Wish, into?: Turns): Promise<void> {
  const chat = newChat();
  const first = await person.ask(chat, wish).whole();
  into?.first.push(first.firstTokenMs);
  await sleep(PAUSE_MS);
  const parentId = String(first.headers['x-message-id']);
  const next = await person.ask({ ...chat, parentId }, wish).whole();
  into?.next.push(next.firstTokenMs);
  await sleep(PAUSE_MS);
}

function rowsOf(control: Control, alone: Samples, among: Samples): Row[] {
  const direct = spread(control.direct);
  const delayed = spread(control.delayed);
  const others = `among ${count(OTHERS)} other messages`;
  const slow = `title takes ${SLOW_TITLE_MS} ms`;
  const late = `model waits ${MODEL_DELAY_MS} ms`;
  const { plain } = alone;
  return [
    absolute('new chat', direct, plain.first, 10),
    absolute('next turn', direct, plain.next, 8),
    more(`new chat, ${others}`, direct, among.plain.first, plain.first),
    more(`next turn, ${others}`, direct, among.plain.next, plain.next),
    more(`new chat, ${slow}`, direct, alone.slowTitle.first, plain.first),
    more(`next turn, ${slow}`, direct, alone.slowTitle.next, plain.next),
    absolute(`new chat, ${late}`, delayed, alone.delayed.first, 10),
    absolute(`next turn, ${late}`, delayed, alone.delayed.next, 8),
  ];
}

function absolute(what: string, control: string, ours: number[], budgetMs: number): Row {
  const within = median(ours) <= budgetMs;
  const budget = `p50 ≤ ${budgetMs} ms`;
  return { what: `first-token, ${what}`, control, ours: spread(ours), budget, within };
}

function more(what: string, control: string, ours: number[], without: number[]): Row {
  const difference = median(ours) - median(without);
  return {
    what: `first-token, ${what}`,
    control,
    ours: `${spread(ours)}: ${difference < 0 ? '−' : '+'}${Math.abs(difference).toFixed(2)} ms`,
    budget: '≤ 1 ms more',
    within: difference <= 1,
  };
}
