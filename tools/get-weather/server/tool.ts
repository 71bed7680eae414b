import { tool, zodSchema } from 'ai';
import { z } from 'zod';
import { currentWeather } from '@/tools/get-weather/server/open-meteo';

/** The weather right now, in a place that is named. */
export const getWeather = tool({
  description:
    'The current weather in a city: temperature in °C, wind in km/h, and what the sky does.',
  // Made once: the JSON schema of it would otherwise be made anew for every request to a model.
  parameters: zodSchema(
    z.object({
      city: z.string().min(1).max(200).describe('The city, with its country if it is ambiguous'),
    }),
  ),
  execute: ({ city }, { abortSignal }) => currentWeather(city, abortSignal),
});
