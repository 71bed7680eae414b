/**
 * A client of Open-Meteo's forecast and geocoding services (open-meteo.com/en/docs), or of a mirror
 * with the same API.
 */
import { z } from 'zod';
import { AppError, type ErrorCode } from '@/lib/protocol/errors';
import { getConfig } from '@/lib/server/config';
import { getJson } from '@/lib/server/models';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

const TIMEOUT_MS = 5_000;
/** Maximum bytes of a response, which usually has less than a thousand. */
const MAX_BYTES = 256 * 1024;
const UNREACHABLE_CODES: ReadonlySet<ErrorCode> = new Set([
  'endpoint_unreachable',
  'endpoint_timeout',
  'endpoint_disconnected',
]);
const CACHE_TTL_MS = 10 * 60_000;
const MAX_CACHED_CITIES = 500;
/** Time for which calls fail immediately after a failed connection. */
const UNREACHABLE_TTL_MS = 30_000;

export type Weather = {
  city: string;
  country: string | null;
  temperatureCelsius: number;
  feelsLikeCelsius: number;
  windKmh: number;
  humidityPercent: number;
  /** Readable text, such as "partly cloudy". */
  conditions: string;
  isDay: boolean;
};

export type WeatherResult = Weather | { error: string };

const geocodingResponse = z.object({
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

const forecastResponse = z.object({
  current: z.object({
    temperature_2m: z.number(),
    apparent_temperature: z.number(),
    wind_speed_10m: z.number(),
    relative_humidity_2m: z.number(),
    weather_code: z.number(),
    is_day: z.number(),
  }),
});

const UNREACHABLE: WeatherResult = {
  error: 'The weather service is not reachable from this server.',
};

/** This process's cache of results and of the service's reachability. */
const weatherCache = () =>
  processSingleton('weather', () => ({
    byCity: new Map<string, { fetchedAt: number; value: Weather }>(),
    /** Time of the last failed connection in epoch milliseconds; 0 if reachable. */
    unreachableAt: 0,
    /** Whether a probe is in progress. */
    isProbing: false,
  }));

/**
 * Returns the current weather in a city. If the service is unreachable, the result is an error
 * message that a model can pass on; rejects only if aborted. If the service was unreachable within
 * the last 30 s, returns the error immediately and probes the service in the background for the
 * next call.
 */
export async function currentWeather(city: string, signal?: AbortSignal): Promise<WeatherResult> {
  const cache = weatherCache();
  const cached = cache.byCity.get(cacheKey(city));
  if (cached && Date.now() - cached.fetchedAt < CACHE_TTL_MS) return cached.value;
  if (Date.now() - cache.unreachableAt < UNREACHABLE_TTL_MS) {
    void probe(city);
    return UNREACHABLE;
  }
  try {
    return await fetchAndCache(city, signal);
  } catch (error) {
    if (signal?.aborted) throw error;
    return UNREACHABLE;
  }
}

async function probe(city: string): Promise<void> {
  const cache = weatherCache();
  if (cache.isProbing) return;
  cache.isProbing = true;
  // An error is recorded by fetchAndCache.
  await fetchAndCache(city).catch(() => {});
  cache.isProbing = false;
}

/** Requests the weather and caches the result, or that the service is unreachable. */
async function fetchAndCache(city: string, signal?: AbortSignal): Promise<WeatherResult> {
  const cache = weatherCache();
  try {
    const found = await fetchWeather(city, signal);
    cache.unreachableAt = 0;
    if (!found) return { error: `No place called “${city}” was found.` };
    if (cache.byCity.size >= MAX_CACHED_CITIES) cache.byCity.clear();
    cache.byCity.set(cacheKey(city), { fetchedAt: Date.now(), value: found });
    return found;
  } catch (error) {
    if (!signal?.aborted) cache.unreachableAt = isUnreachable(error) ? Date.now() : 0;
    throw error;
  }
}

function cacheKey(city: string): string {
  return city.trim().toLowerCase();
}

/** Whether the service did not respond. */
function isUnreachable(error: unknown): boolean {
  return error instanceof AppError && UNREACHABLE_CODES.has(error.code);
}

async function fetchWeather(city: string, signal?: AbortSignal): Promise<Weather | null> {
  const { weatherUrl, weatherGeocodingUrl } = getConfig().tools;
  const { results } = geocodingResponse.parse(
    await request(`${weatherGeocodingUrl}/v1/search`, { name: city, count: '1' }, signal),
  );
  const location = results?.[0];
  if (!location) return null;
  const { current } = forecastResponse.parse(
    await request(
      `${weatherUrl}/v1/forecast`,
      {
        latitude: String(location.latitude),
        longitude: String(location.longitude),
        current:
          'temperature_2m,apparent_temperature,wind_speed_10m,relative_humidity_2m,weather_code,is_day',
      },
      signal,
    ),
  );
  return {
    city: location.name,
    country: location.country ?? null,
    temperatureCelsius: current.temperature_2m,
    feelsLikeCelsius: current.apparent_temperature,
    windKmh: current.wind_speed_10m,
    humidityPercent: current.relative_humidity_2m,
    conditions: describeWeatherCode(current.weather_code),
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

/** Maps WMO weather codes to text, in the groups of Open-Meteo's documentation. */
function describeWeatherCode(code: number): string {
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
