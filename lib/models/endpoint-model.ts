import { createOpenAI } from '@ai-sdk/openai';
import { type LanguageModelV1, wrapLanguageModel } from 'ai';
import { createEndpointFetch } from './adapter/endpoint-fetch';
import { PROVIDER_MODEL_ID } from './adapter/request-body';
import type { EndpointSettings } from './adapter/settings';
import { reasoningMiddleware, type ThinkingHabit } from './reasoning-middleware';
import { type ToolSupport, withoutRefusedTools } from './without-refused-tools';

/** What a process remembers of a model between requests. */
export type ModelHabits = ThinkingHabit & ToolSupport;

export function newModelHabits(): ModelHabits {
  return { beginsInside: false, refusesTools: false };
}

/**
 * A model at an OpenAI-compatible endpoint, for `streamText` and `generateText`.
 *
 * What fails before the first piece of an answer is thrown as an AppError; what fails later comes
 * as an `error` part that holds one, behind everything that had arrived. Both have been retried
 * where it makes sense: use `maxRetries: 0`. An abort closes the connection at once.
 */
export function endpointModel(
  settings: EndpointSettings,
  habits: ModelHabits = newModelHabits(),
): LanguageModelV1 {
  const provider = createOpenAI({
    // Endpoints on one's own machine usually ask for none, but the header must hold something.
    apiKey: settings.apiKey ?? 'not-needed',
    baseURL: settings.baseUrl,
    compatibility: 'compatible',
    fetch: createEndpointFetch(settings),
  });
  return wrapLanguageModel({
    model: provider.chat(PROVIDER_MODEL_ID),
    modelId: settings.modelNames[0],
    middleware: [withoutRefusedTools(habits), reasoningMiddleware(habits)],
  });
}
