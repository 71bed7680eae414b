import type { ReactNode } from 'react';
import { isWeather, WeatherCard } from '@/tools/get-weather/card';

/** Cards that display a tool's result, by the tool's name. They return null for other results. */
export const RESULT_CARDS: ReadonlyMap<string, (result: unknown) => ReactNode> = new Map([
  ['getWeather', (result: unknown) => isWeather(result) && <WeatherCard weather={result} />],
]);
