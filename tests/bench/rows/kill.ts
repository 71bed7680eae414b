/** `kill -9` in the middle of an answer. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestApp } from '@/tests/support/app';
import { STAMP_LENGTH } from '../clock';
import { ms } from '../format';
import { newChat, Person } from '../people';
import type { Benchmark } from '../row';
import { median } from '../stats';

const RATE = 100;
const KILL_AT = 300;
const ROUNDS = 3;
const PATIENCE_MS = 30_000;

type Round = { shown: number; left: number; readableMs: number };

export const kill: Benchmark = {
  names: ['kill'],
  async run(stage) {
    const app = await stage.app(await stage.database());
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push(await killAndRestart(app));
    const times = rounds.map(({ readableMs }) => readableMs);
    const counts = rounds.map(({ shown, left }) => `${left} of ${shown}`).join(', ');
    return [
      {
        what: `kill -9 at token ${KILL_AT}: tokens left of those shown`,
        control: '—',
        ours: `${counts}; readable p50 ${ms(median(times))} after the restart began`,
        budget: 'all that was shown',
        within: rounds.every(({ shown, left }) => left >= shown),
      },
    ];
  },
};

async function killAndRestart(app: TestApp): Promise<Round> {
  const person = await Person.arrive(app.baseUrl);
  const chat = newChat();
  const answer = await person.ask(chat, { count: 10 * KILL_AT, rate: RATE }).heard(KILL_AT);
  await app.kill9();
  await answer.done;
  const restartedAt = performance.now();
  const restarted = app.restart();
  const left = await tokensLeft(person, chat.chatId);
  const readableMs = performance.now() - restartedAt;
  await restarted;
  return { shown: answer.tokens, left, readableMs };
}

/** Asks until the chat can be read and its answer is closed, then counts its tokens. */
async function tokensLeft(person: Person, chatId: string): Promise<number> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const chat = await person.chat(chatId).catch(() => null);
    const answer = chat?.messages.at(-1);
    if (answer?.role === 'assistant' && !chat?.chat.live) {
      const text = answer.parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
      // One stamp more than tokens: when the model was asked.
      return text.replaceAll(' ', '').length / STAMP_LENGTH - 1;
    }
    if (Date.now() > deadline) return 0;
    await sleep(5);
  }
}
