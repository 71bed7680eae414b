import { CloudSun, Moon, Sun } from 'lucide-react';
import type { ReactNode } from 'react';

/** The fields of getWeather's result that the card uses. */
type Weather = {
  city: string;
  temperatureCelsius: number;
  country?: string | null;
  conditions?: string;
  feelsLikeCelsius?: number;
  windKmh?: number;
  humidityPercent?: number;
  isDay?: boolean;
};

function isWeather(result: unknown): result is Weather {
  const weather = result as Partial<Weather> | null;
  return typeof weather?.city === 'string' && typeof weather.temperatureCelsius === 'number';
}

/** Null for a result without a temperature, such as an error. */
export function card(result: unknown): ReactNode {
  return isWeather(result) ? <WeatherCard weather={result} /> : null;
}

function WeatherCard({ weather }: { weather: Weather }) {
  const isClear = /clear/.test(weather.conditions ?? '');
  const Icon = isClear ? (weather.isDay === false ? Moon : Sun) : CloudSun;
  const facts = [
    weather.feelsLikeCelsius !== undefined && `feels like ${degrees(weather.feelsLikeCelsius)}`,
    weather.windKmh !== undefined && `wind ${Math.round(weather.windKmh)} km/h`,
    weather.humidityPercent !== undefined && `humidity ${Math.round(weather.humidityPercent)} %`,
  ].filter(Boolean);
  return (
    <div className="flex items-center gap-4 px-3.5 py-3">
      <Icon aria-hidden="true" className="size-8 shrink-0 text-primary" strokeWidth={1.5} />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">
          {weather.city}
          {weather.country && (
            <span className="font-normal text-muted-foreground">, {weather.country}</span>
          )}
        </p>
        <p className="text-muted-foreground text-sm">
          {[weather.conditions, ...facts].filter(Boolean).join(' · ')}
        </p>
      </div>
      <p className="shrink-0 font-medium text-2xl tabular-nums tracking-tight">
        {degrees(weather.temperatureCelsius)}
      </p>
    </div>
  );
}

function degrees(celsius: number): string {
  return `${Math.round(celsius)} °C`;
}
