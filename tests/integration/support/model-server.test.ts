import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { collectStream, settingsFor } from '@/tests/integration/server/models/collect-stream';
import { controlModelServer } from '@/tests/support/model-server/control';

let child: ChildProcess;
let baseUrl: string;

beforeAll(async () => {
  child = spawn('node', ['--import', 'tsx', 'tests/support/model-server/main.ts'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout as NodeJS.ReadableStream, 'data');
  baseUrl = JSON.parse(String(line)).baseUrl;
});
afterAll(async () => {
  child.kill('SIGTERM');
  await once(child, 'exit');
});

test('tests control the model server from another process and see when a client disconnected', async () => {
  const control = controlModelServer(baseUrl);
  await control.set({ reset: true, scenario: 'tokens n=500 rate=50' });
  const stop = new AbortController();
  const answer = collectStream(settingsFor({ baseUrl }), 'count', { signal: stop.signal });
  await control.waitFor(({ open }) => open === 1);
  stop.abort();
  const { requests } = await control.waitFor(({ open }) => open === 0);
  await answer;
  expect(requests).toMatchObject([{ purpose: 'answer', endedBy: 'client' }]);
  await control.set({ reset: true });
  expect((await collectStream(settingsFor({ baseUrl }), 'hello')).text).toBe('You said: hello');
});
