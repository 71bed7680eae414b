/**
 * A client of Open-Meteo's forecast and geocoding services (open-meteo.com/en/docs), or of a mirror
 * that speaks the same.
 */
import { z } from 'zod';
import { getConfig } from '@/lib/config';
import { AppError, type ErrorCode } from '@/lib/errors';
import { getJson } from '@/lib/models';
import { processSingleton } from '@/lib/process';

const TIMEOUT_MS = 5_000;
/** Of one answer of the service, which usually has less than a thousand. */
const MAX_BYTES = 256 * 1024;
const OUT_OF_REACH: ReadonlySet<ErrorCode> = new Set([
  'endpoint_unreachable',
  'endpoint_timeout',
  'endpoint_cut',
]);
const KEEP_MS = 10 * 60_000;
const KEEP_PLACES = 500;
/** So long a service that could not be reached is not waited for again. */
const AWAY_MS = 30_000;

export type Weather = {
  city: string;
  country: string | null;
  temperatureCelsius: number;
  feelsLikeCelsius: number;
  windKmh: number;
  humidityPercent: number;
  /** In plain words. */
  conditions: string;
  isDay: boolean;
};

export type WeatherResult = Weather | { error: string };

const places = z.object({
  results: z
    .array(
      z.object({
        name: z.string(),
        country: z.string().optional(),
        latitude: z.number(),
        longitude: z.number(),
      }),
    )
    .optional(),
});

const forecast = z.object({
  current: z.object({
    temperature_2m: z.number(),
    apparent_temperature: z.number(),
    wind_speed_10m: z.number(),
    relative_humidity_2m: z.number(),
    weather_code: z.number(),
    is_day: z.number(),
  }),
});

const NOT_REACHABLE: WeatherResult = {
  error: 'The weather service is not reachable from this server.',
};

/** What the process knows of the service. */
const memory = () =>
  processSingleton('weather', () => ({
    places: new Map<string, { at: number; value: Weather }>(),
    /** When it was last found to be out of reach; 0 where it is not. */
    awayAt: 0,
    /** Whether somebody looks if it is back. */
    looking: false,
  }));

/**
 * The current weather in a city. In a network without the service the result says so, in words that
 * a model can pass on; only an abort rejects. Where the service was out of reach a moment ago the
 * answer comes at once, and whether it is back is looked at meanwhile: the next call knows.
 */
export async function currentWeather(city: string, signal?: AbortSignal): Promise<WeatherResult> {
  const known = memory();
  const kept = known.places.get(keyOf(city));
  if (kept && Date.now() - kept.at < KEEP_MS) return kept.value;
  if (Date.now() - known.awayAt < AWAY_MS) {
    void lookAgain(city);
    return NOT_REACHABLE;
  }
  try {
    return await ask(city, signal);
  } catch (error) {
    if (signal?.aborted) throw error;
    return NOT_REACHABLE;
  }
}

async function lookAgain(city: string): Promise<void> {
  const known = memory();
  if (known.looking) return;
  known.looking = true;
  // It is still away, then.
  await ask(city).catch(() => {});
  known.looking = false;
}

/** Asks the service, and remembers what it said, or that it could not be reached. */
async function ask(city: string, signal?: AbortSignal): Promise<WeatherResult> {
  const known = memory();
  try {
    const found = await lookUp(city, signal);
    known.awayAt = 0;
    if (!found) return { error: `No place called “${city}” was found.` };
    if (known.places.size >= KEEP_PLACES) known.places.clear();
    known.places.set(keyOf(city), { at: Date.now(), value: found });
    return found;
  } catch (error) {
    if (!signal?.aborted) known.awayAt = isOutOfReach(error) ? Date.now() : 0;
    throw error;
  }
}

function keyOf(city: string): string {
  return city.trim().toLowerCase();
}

/** No answer came. */
function isOutOfReach(error: unknown): boolean {
  return error instanceof AppError && OUT_OF_REACH.has(error.code);
}

async function lookUp(city: string, signal?: AbortSignal): Promise<Weather | null> {
  const { weatherUrl, weatherGeocodingUrl } = getConfig().tools;
  const { results } = places.parse(
    await request(`${weatherGeocodingUrl}/v1/search`, { name: city, count: '1' }, signal),
  );
  const place = results?.[0];
  if (!place) return null;
  const { current } = forecast.parse(
    await request(
      `${weatherUrl}/v1/forecast`,
      {
        latitude: String(place.latitude),
        longitude: String(place.longitude),
        current:
          'temperature_2m,apparent_temperature,wind_speed_10m,relative_humidity_2m,weather_code,is_day',
      },
      signal,
    ),
  );
  return {
    city: place.name,
    country: place.country ?? null,
    temperatureCelsius: current.temperature_2m,
    feelsLikeCelsius: current.apparent_temperature,
    windKmh: current.wind_speed_10m,
    humidityPercent: current.relative_humidity_2m,
    conditions: inWords(current.weather_code),
    isDay: current.is_day === 1,
  };
}

function request(
  url: string,
  query: Record<string, string>,
  signal?: AbortSignal,
): Promise<unknown> {
  return getJson(`${url}?${new URLSearchParams(query)}`, {
    apiKey: null,
    verifyTls: true,
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_BYTES,
    signal,
  });
}

/** The WMO weather interpretation codes, as the service documents them, in groups. */
function inWords(code: number): string {
  if (code === 0) return 'clear sky';
  if (code === 1) return 'mainly clear';
  if (code === 2) return 'partly cloudy';
  if (code === 3) return 'overcast';
  if (code === 45 || code === 48) return 'fog';
  if (code >= 51 && code <= 57) return 'drizzle';
  if (code >= 61 && code <= 67) return 'rain';
  if (code >= 71 && code <= 77) return 'snow';
  if (code >= 80 && code <= 82) return 'rain showers';
  if (code === 85 || code === 86) return 'snow showers';
  if (code >= 95) return 'thunderstorm';
  return 'unknown';
}
