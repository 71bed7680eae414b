/**
 * A client of Open-Meteo's forecast and geocoding services (open-meteo.com/en/docs), or of a mirror
 * that speaks the same.
 */
import { z } from 'zod';
import { getConfig } from '@/lib/config';
import { processSingleton } from '@/lib/process';

const TIMEOUT_MS = 5_000;
const KEEP_MS = 10 * 60_000;
const KEEP_PLACES = 500;

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

/**
 * The current weather in a city. In a network without the service the result says so, in words that
 * a model can pass on; only an abort rejects.
 */
export async function currentWeather(city: string, signal?: AbortSignal): Promise<WeatherResult> {
  const cache = processSingleton(
    'weather',
    () => new Map<string, { at: number; value: Weather }>(),
  );
  const key = city.trim().toLowerCase();
  const kept = cache.get(key);
  if (kept && Date.now() - kept.at < KEEP_MS) return kept.value;
  try {
    const found = await lookUp(city, signal);
    if (!found) return { error: `No place called “${city}” was found.` };
    if (cache.size >= KEEP_PLACES) cache.clear();
    cache.set(key, { at: Date.now(), value: found });
    return found;
  } catch (error) {
    if (signal?.aborted) throw error;
    return { error: 'The weather service is not reachable from this server.' };
  }
}

async function lookUp(city: string, signal?: AbortSignal): Promise<Weather | null> {
  const { weatherUrl, weatherGeocodingUrl } = getConfig().tools;
  const { results } = places.parse(
    await getJson(`${weatherGeocodingUrl}/v1/search`, { name: city, count: '1' }, signal),
  );
  const place = results?.[0];
  if (!place) return null;
  const { current } = forecast.parse(
    await getJson(
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

async function getJson(
  url: string,
  query: Record<string, string>,
  signal?: AbortSignal,
): Promise<unknown> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(`${url}?${new URLSearchParams(query)}`, {
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  });
  if (!response.ok) throw new Error(`The weather service answered ${response.status}`);
  return await response.json();
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
