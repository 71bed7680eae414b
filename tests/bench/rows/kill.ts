/** `kill -9` during an answer. */
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchUser, newChat } from '@/tests/bench/bench-users';
import { STAMP_LENGTH } from '@/tests/bench/clock';
import { formatMs } from '@/tests/bench/format';
import type { Benchmark } from '@/tests/bench/row';
import { median } from '@/tests/bench/stats';
import type { TestApp } from '@/tests/support/app';

const RATE = 100;
const KILL_AT = 300;
const ROUNDS = 3;
const TIMEOUT_MS = 30_000;

type Round = { receivedTokens: number; storedTokens: number; readableMs: number };

export const kill: Benchmark = {
  names: ['kill'],
  async run(environment) {
    const app = await environment.app(await environment.database());
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push(await killAndRestart(app));
    const times = rounds.map(({ readableMs }) => readableMs);
    const counts = rounds
      .map(({ receivedTokens, storedTokens }) => `${storedTokens} of ${receivedTokens}`)
      .join(', ');
    return [
      {
        label: `kill -9 at token ${KILL_AT}: tokens left of those shown`,
        control: '—',
        measured: `${counts}; readable p50 ${formatMs(median(times))} after the restart began`,
        budget: 'all that was shown',
        within: rounds.every(({ receivedTokens, storedTokens }) => storedTokens >= receivedTokens),
      },
    ];
  },
};

async function killAndRestart(app: TestApp): Promise<Round> {
  const user = await BenchUser.createGuest(app.baseUrl);
  const chat = newChat();
  const answer = await user.send(chat, { count: 10 * KILL_AT, rate: RATE }).waitForTokens(KILL_AT);
  await app.kill9();
  await answer.done;
  const restartedAt = performance.now();
  const restarted = app.restart();
  const storedTokens = await countStoredTokens(user, chat.chatId);
  const readableMs = performance.now() - restartedAt;
  await restarted;
  return { receivedTokens: answer.tokens, storedTokens, readableMs };
}

/** Polls until the chat can be read and its answer has ended, then counts its tokens. */
async function countStoredTokens(user: BenchUser, chatId: string): Promise<number> {
  const deadline = Date.now() + TIMEOUT_MS;
  for (;;) {
    const chat = await user.chat(chatId).catch(() => null);
    const answer = chat?.messages.at(-1);
    if (answer?.role === 'assistant' && !chat?.chat.live) {
      const text = answer.parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
      // The first stamp is no token but the time of the model's request.
      return text.replaceAll(' ', '').length / STAMP_LENGTH - 1;
    }
    if (Date.now() > deadline) return 0;
    await sleep(5);
  }
}
