import { createServer, type Server } from 'node:http';
import { test as base, expect } from '@/tests/support/e2e/fixtures';
import { listen } from '@/tests/support/listen';

/** A fake weather service: Open-Meteo's API with a single place. */
const test = base.extend<{ weatherUrl: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads fixture names from it.
  weatherUrl: async ({}, use) => {
    const server = createWeatherServer();
    await use(`http://127.0.0.1:${await listen(server)}`);
    server.close();
  },
});

test('reasoning is displayed live, collapses when the answer begins, and can be expanded', async ({
  chat,
  page,
  model,
}) => {
  await chat.open();
  await chat.sendMessage('Think [[scenario:reasoning thoughts=60 rate=60 n=12 hold=0]]');
  const liveDisclosure = chat.answer.getByRole('button', { name: 'Thinking…' });
  await expect(liveDisclosure).toHaveAttribute('aria-expanded', 'true');
  await expect(chat.answer).toContainText('r58 r59');
  model.release();
  await chat.expectFinishedWithTokens(12);
  const disclosure = chat.answer.getByRole('button', { name: /^Thought for \d+ s/ });
  const durationText = await disclosure.textContent();
  await expect(disclosure).toHaveAttribute('aria-expanded', 'false');
  await expect(chat.answer.getByText('r58 r59')).toBeHidden();
  await disclosure.click();
  await expect(chat.answer.getByText('r58 r59')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(chat.answer.getByText('r58 r59')).toBeHidden();

  await chat.reload();
  await expect(chat.answer.getByText('r58 r59')).toBeHidden();
  await expect(disclosure).toHaveText(durationText ?? '');
  await disclosure.click();
  await expect(chat.answer.getByText('r58 r59')).toBeVisible();
  expect(await chat.displayedTokens()).toHaveLength(12);
});

test('reasoning in tags is not part of the answer', async ({ chat }) => {
  await chat.open();
  await chat.sendMessage('Think in tags [[scenario:think-tags n=10]]');
  await chat.expectFinishedWithTokens(10);
  await expect(chat.answer.getByRole('button', { name: /^(Thought|Reasoning)/ })).toBeVisible();
  await expect(chat.answer).not.toContainText('think>');
  await expect(chat.answer.getByText('r3 r4')).toBeHidden();
});

for (const [label, line, expectedTokens] of [
  ['is never closed', 'think-tags end=never', 0],
  ['was opened by the prompt', 'think-tags begin=inside n=10', 10],
] as const) {
  test(`reasoning in a tag that ${label} is not part of the answer`, async ({
    chat,
    startFreshApp,
  }) => {
    // A server learns from a model's first answer that its answers start inside the tag, and caches
    // it: a separate server keeps this from affecting other tests.
    const app = await startFreshApp({});
    await chat.open(app.baseUrl);
    if (expectedTokens > 0) await chat.sendAndWait(`[[scenario:${line}]]`);
    await chat.sendAndWait(`[[scenario:${line}]]`);
    for (const reloaded of [false, true]) {
      if (reloaded) await chat.reload();
      const disclosure = chat.answer.getByRole('button', { name: /^(Thought|Reasoning)/ });
      await expect(disclosure).toHaveAttribute('aria-expanded', 'false');
      await disclosure.click();
      await expect(chat.answer.getByText('r0 r1 r2 r3 r4')).toBeVisible();
      await expect(chat.answer).not.toContainText('think>');
      expect(await chat.displayedTokens()).toHaveLength(expectedTokens);
    }
  });
}

test('a tool card shows its arguments and its result', async ({
  chat,
  startFreshApp,
  weatherUrl,
}) => {
  const app = await startFreshApp({ WEATHER_URL: weatherUrl, WEATHER_GEOCODING_URL: weatherUrl });
  await chat.open(app.baseUrl);
  await chat.sendAndWait('[[scenario:tool name=getWeather args={"city":"Oslo"}]] Weather?');
  for (const reloaded of [false, true]) {
    if (reloaded) await chat.reload();
    const tool = chat.answer.getByRole('region', { name: 'Tool: Get weather' });
    await expect(tool).toContainText('Oslo, Norway');
    await expect(tool).toContainText('7 °C');
    await expect(tool).toContainText('overcast');
    await expect(tool).toContainText('Done');
    await expect(tool.getByText('"windKmh": 21')).toBeHidden();
    await tool.getByText('Get weather').click();
    await expect(tool.getByText('"windKmh": 21')).toBeVisible();
    await expect(chat.answer).toContainText('The tool said:');
  }
});

test('a failed tool call is reported, and the answer continues', async ({
  chat,
  startFreshApp,
}) => {
  // No server listens on this port.
  const nowhere = 'http://127.0.0.1:9';
  const app = await startFreshApp({ WEATHER_URL: nowhere, WEATHER_GEOCODING_URL: nowhere });
  await chat.open(app.baseUrl);
  await chat.sendAndWait('[[scenario:tool name=getWeather args={"city":"Oslo"}]] Weather?');
  const tool = chat.answer.getByRole('region', { name: 'Tool: Get weather' });
  await expect(tool).toContainText('Failed');
  await expect(tool).toContainText('The weather service is not reachable from this server.');
  await expect(chat.answer).toContainText('The tool said:');
});

test('a document opens next to the chat while it is streamed, closes, and opens again from its card', async ({
  chat,
  page,
  model,
}) => {
  await chat.open();
  await chat.sendMessage('[[scenario:document title=Notes n=120 rate=0 hold=60]] Go');
  const document = page.getByRole('complementary', { name: 'Document' });
  await expect(document).toContainText('Writing…');
  await expect(document).toContainText('d5 d6');
  await expect(document.getByText('d119')).toHaveCount(0);
  model.release();
  await expect(document).toContainText('d118 d119');
  await chat.waitUntilFinished();
  await expect(document).not.toContainText('Writing…');
  await expect(document.getByRole('heading', { name: 'Notes', level: 1 })).toBeVisible();

  await document.getByRole('button', { name: 'Close document' }).click();
  await expect(document).toHaveCount(0);
  const card = chat.answer.getByRole('region', { name: 'Document: Notes' });
  await card.getByRole('button', { name: 'Open' }).click();
  await expect(document).toContainText('d118 d119');

  // The URL names the open document.
  await chat.reload();
  await expect(document).toContainText('d0 d1 d2');
  await expect(document).toContainText('d118 d119');
  await document.getByRole('button', { name: 'Close document' }).focus();
  await page.keyboard.press('Escape');
  await expect(document).toHaveCount(0);
});

test('a reload while a document is streamed shows all of it and continues', async ({
  chat,
  page,
  model,
}) => {
  await chat.open();
  await chat.sendMessage('[[scenario:document title=Long n=200 rate=40 hold=60]] Go');
  const document = page.getByRole('complementary', { name: 'Document' });
  await expect(document).toContainText('d20 d21');
  await chat.reload();
  await expect(document).toContainText('d0 d1 d2');
  await expect(document).toContainText('d50 d51');
  model.release();
  await expect(document).toContainText('d198 d199');
  const displayedWords = ((await document.textContent()) ?? '').match(/d\d+/g);
  expect(displayedWords).toEqual(Array.from({ length: 200 }, (_, index) => `d${index}`));
  await chat.waitUntilFinished();
});

function createWeatherServer(): Server {
  const place = { name: 'Oslo', country: 'Norway', latitude: 59.9, longitude: 10.7 };
  const current = {
    temperature_2m: 7.2,
    apparent_temperature: 4.1,
    wind_speed_10m: 21,
    relative_humidity_2m: 66,
    weather_code: 3,
    is_day: 1,
  };
  return createServer((request, response) => {
    const found = request.url?.startsWith('/v1/search') ? { results: [place] } : { current };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(found));
  });
}
