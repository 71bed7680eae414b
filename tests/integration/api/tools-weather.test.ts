import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { installation } from './fixture';
import { eventually } from './person';

const PLACE = { name: 'Oslo', country: 'Norway', latitude: 59.9, longitude: 10.7 };
const CURRENT = {
  temperature_2m: 7.2,
  apparent_temperature: 4.1,
  wind_speed_10m: 21,
  relative_humidity_2m: 66,
  weather_code: 3,
  is_day: 1,
};

type Behaviour = (response: ServerResponse, isSearch: boolean) => void;

const works: Behaviour = (response, isSearch) =>
  response.end(JSON.stringify(isSearch ? { results: [PLACE] } : { current: CURRENT }));

const NOT_REACHABLE = { error: 'The weather service is not reachable from this server.' };

/** An answer without an end, until the client leaves. */
function endless(response: ServerResponse): void {
  const piece = ' '.repeat(64 * 1024);
  const more = () => {
    while (!response.destroyed && response.write(piece)) {}
  };
  response.on('drain', more);
  more();
}

let behave: Behaviour = works;
let asked = 0;
const server = createServer((request, response) => {
  asked += 1;
  behave(response, request.url?.startsWith('/v1/search') === true);
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const at = installation(() => ({ WEATHER_URL: url, WEATHER_GEOCODING_URL: url }));

beforeEach(async () => {
  behave = works;
  // What was out of reach in the test before is found to be back.
  await eventually(async () => expect(await weatherIn(nextCity())).toMatchObject({ city: 'Oslo' }));
  asked = 0;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

let cities = 0;
/** One that nobody has asked for yet. */
const nextCity = () => `city-${++cities}`;

async function weatherIn(city: string) {
  const body = at.person.message(`[[scenario:tool name=getWeather args={"city":"${city}"}]]`);
  const answer = await (await at.person.send(body)).whole();
  // Whatever the service does, the answer goes on.
  expect(answer.ending?.status).toBe('complete');
  expect(answer.text).toContain('The tool said');
  return answer.results[0];
}

it('the weather comes from the configured service, and is kept for a while', async () => {
  const weather = {
    city: 'Oslo',
    country: 'Norway',
    temperatureCelsius: 7.2,
    conditions: 'overcast',
  };
  expect(await weatherIn('Oslo')).toMatchObject(weather);
  expect(asked).toBe(2);
  expect(await weatherIn('OSLO')).toMatchObject(weather);
  expect(asked).toBe(2);
});

const broken: Array<[name: string, Behaviour]> = [
  ['that fails', (response) => response.writeHead(500).end('{}')],
  ['that speaks another language', (response) => response.end('<html>')],
  ['that leaves things out', (response) => response.end('{"results":[{"name":7}]}')],
  ['that breaks off', (response) => response.destroy()],
  ['that says nothing', () => {}],
  ['that leads elsewhere', (response) => response.writeHead(302, { location: `${url}/x` }).end()],
  ['that never stops', (response) => endless(response)],
];
it.each(broken)('a service %s is not reachable, in words', async (name, behaviour) => {
  behave = behaviour;
  expect(await weatherIn(name.replaceAll(' ', '-'))).toEqual(NOT_REACHABLE);
});

it('a service that is out of reach is waited for once, and not missed when it is back', async () => {
  behave = () => {};
  expect(await weatherIn(nextCity())).toEqual(NOT_REACHABLE);
  // From now on nobody waits for an attempt, each of which would take 5 s.
  for (let call = 0; call < 3; call++) expect(await weatherIn(nextCity())).toEqual(NOT_REACHABLE);
  // One more attempt, at most, is made in the background.
  expect(asked).toBeLessThanOrEqual(2);
  behave = works;
  const city = nextCity();
  await eventually(
    async () => expect(await weatherIn(city)).toMatchObject({ city: 'Oslo' }),
    10_000,
  );
});

it('a service that answers nonsense once is asked again by the next call', async () => {
  behave = (response) => response.writeHead(500).end('{}');
  expect(await weatherIn(nextCity())).toEqual(NOT_REACHABLE);
  behave = works;
  expect(await weatherIn(nextCity())).toMatchObject({ city: 'Oslo' });
});

it('a place that there is not is said to be none', async () => {
  behave = (response) => response.end('{}');
  expect(await weatherIn('Atlantis')).toEqual({ error: 'No place called “Atlantis” was found.' });
});
