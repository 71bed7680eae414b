import { createServer, type ServerResponse } from 'node:http';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { listen } from '@/tests/support/listen';
import { waitUntil } from '@/tests/support/wait-until';
import { setUpInstallation } from './installation';

const PLACE = { name: 'Oslo', country: 'Norway', latitude: 59.9, longitude: 10.7 };
const CURRENT = {
  temperature_2m: 7.2,
  apparent_temperature: 4.1,
  wind_speed_10m: 21,
  relative_humidity_2m: 66,
  weather_code: 3,
  is_day: 1,
};

type ServiceBehavior = (response: ServerResponse, isSearch: boolean) => void;

const respondNormally: ServiceBehavior = (response, isSearch) =>
  response.end(JSON.stringify(isSearch ? { results: [PLACE] } : { current: CURRENT }));

const NOT_REACHABLE = { error: 'The weather service is not reachable from this server.' };

/** Sends an endless response until the client disconnects. */
function respondEndlessly(response: ServerResponse): void {
  const chunk = ' '.repeat(64 * 1024);
  const more = () => {
    while (!response.destroyed && response.write(chunk)) {}
  };
  response.on('drain', more);
  more();
}

let currentBehavior: ServiceBehavior = respondNormally;
let requestCount = 0;
/** Requests without a complete response, and the highest number of them at the same time. */
let openCount = 0;
let maxOpenCount = 0;
const server = createServer((request, response) => {
  requestCount += 1;
  openCount += 1;
  maxOpenCount = Math.max(maxOpenCount, openCount);
  response.once('close', () => {
    openCount -= 1;
  });
  currentBehavior(response, request.url?.startsWith('/v1/search') === true);
});
const url = `http://127.0.0.1:${await listen(server)}`;

const installation = setUpInstallation(() => ({ WEATHER_URL: url, WEATHER_GEOCODING_URL: url }));

beforeEach(async () => {
  currentBehavior = respondNormally;
  // Waits until the service counts as reachable again after the previous test.
  await waitUntil(async () =>
    expect(await getWeatherResult(nextCity())).toMatchObject({ city: 'Oslo' }),
  );
  requestCount = 0;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

let cities = 0;
/** Returns a city that is not cached. */
const nextCity = () => `city-${++cities}`;

async function getWeatherResult(city: string) {
  const body = installation.user.messageBody(
    `[[scenario:tool name=getWeather args={"city":"${city}"}]]`,
  );
  const answer = await (await installation.user.send(body)).readToEnd();
  // The answer continues for any behavior of the service.
  expect(answer.runEnded?.status).toBe('complete');
  expect(answer.text).toContain('The tool said');
  return answer.toolResults[0];
}

it('the weather comes from the configured service and is cached for a while', async () => {
  const weather = {
    city: 'Oslo',
    country: 'Norway',
    temperatureCelsius: 7.2,
    conditions: 'overcast',
  };
  expect(await getWeatherResult('Oslo')).toMatchObject(weather);
  expect(requestCount).toBe(2);
  expect(await getWeatherResult('OSLO')).toMatchObject(weather);
  expect(requestCount).toBe(2);
});

const faultyServices: Array<[name: string, ServiceBehavior]> = [
  ['that fails', (response) => response.writeHead(500).end('{}')],
  ['that sends another format', (response) => response.end('<html>')],
  ['that omits fields', (response) => response.end('{"results":[{"name":7}]}')],
  ['that disconnects', (response) => response.destroy()],
  ['that sends nothing', () => {}],
  ['that redirects', (response) => response.writeHead(302, { location: `${url}/x` }).end()],
  ['that sends an endless response', (response) => respondEndlessly(response)],
];
it.each(faultyServices)('a service %s is reported as unavailable', async (name, behavior) => {
  currentBehavior = behavior;
  expect(await getWeatherResult(name.replaceAll(' ', '-'))).toEqual(NOT_REACHABLE);
});

it('an unavailable service delays one call only, and is used again once it is back', async () => {
  currentBehavior = () => {};
  maxOpenCount = 0;
  expect(await getWeatherResult(nextCity())).toEqual(NOT_REACHABLE);
  // Later calls do not wait for an attempt, each of which would take 5 s.
  for (let call = 0; call < 3; call++)
    expect(await getWeatherResult(nextCity())).toEqual(NOT_REACHABLE);
  // Attempts run in the background, one at a time; on a slow machine more than one has timed out.
  expect(maxOpenCount).toBe(1);
  expect(requestCount).toBeLessThan(4);
  currentBehavior = respondNormally;
  const city = nextCity();
  await waitUntil(async () => expect(await getWeatherResult(city)).toMatchObject({ city: 'Oslo' }));
});

it('an invalid response of the service is not cached', async () => {
  currentBehavior = (response) => response.writeHead(500).end('{}');
  expect(await getWeatherResult(nextCity())).toEqual(NOT_REACHABLE);
  currentBehavior = respondNormally;
  expect(await getWeatherResult(nextCity())).toMatchObject({ city: 'Oslo' });
});

it('an unknown place is reported as not found', async () => {
  currentBehavior = (response) => response.end('{}');
  expect(await getWeatherResult('Atlantis')).toEqual({
    error: 'No place called “Atlantis” was found.',
  });
});
