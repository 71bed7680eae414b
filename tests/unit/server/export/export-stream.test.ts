import { expect, test } from 'vitest';
import { textStream } from '@/lib/server/export/export-stream';

async function* countedTexts(counter: { produced: number; returned: boolean }, total = Infinity) {
  try {
    for (; counter.produced < total; counter.produced += 1) yield 'ä'.repeat(1_000);
  } finally {
    counter.returned = true;
  }
}

test('an export produces no more than the client reads, and ends with the client', async () => {
  const counter = { produced: 0, returned: false };
  const reader = textStream(countedTexts(counter)).getReader();
  expect(counter.produced).toBe(0);
  await reader.read();
  const perChunk = counter.produced;
  expect(perChunk).toBeLessThan(100);
  await reader.read();
  expect(counter.produced).toBeLessThanOrEqual(2 * perChunk + 1);
  await reader.cancel();
  expect(counter.returned).toBe(true);
});

test('an export contains every text', async () => {
  const counter = { produced: 0, returned: false };
  const text = await new Response(textStream(countedTexts(counter, 200))).text();
  expect(text).toBe('ä'.repeat(200_000));
});
