import { tool, zodSchema } from 'ai';
import { z } from 'zod';
import type { ToolDefinition } from '@/lib/server/tools/definition';
import { currentWeather } from '@/tools/get-weather/server/open-meteo';

/** Returns the current weather in a city. */
const getWeather = tool({
  description:
    'The current weather in a city: temperature in °C, wind in km/h, and sky conditions.',
  // Module constant, so that its JSON schema is not generated for every model request.
  parameters: zodSchema(
    z.object({
      city: z.string().min(1).max(200).describe('The city, with its country if it is ambiguous'),
    }),
  ),
  execute: ({ city }, { abortSignal }) => currentWeather(city, abortSignal),
});

export const definition: ToolDefinition = {
  instructions: null,
  worksOnDocuments: false,
  create: () => getWeather,
};
