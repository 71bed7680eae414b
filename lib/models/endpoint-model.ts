import { createOpenAI } from '@ai-sdk/openai';
import {
  type LanguageModelV1,
  type LanguageModelV1CallOptions,
  type LanguageModelV1Middleware,
  wrapLanguageModel,
} from 'ai';
import type { ThinkingHabit } from './adapter/answer';
import { askEndpoint, type WrittenRequest } from './adapter/ask-endpoint';
import { attemptStream, attemptWhole } from './adapter/attempt';
import { PROVIDER_MODEL_ID } from './adapter/request-body';
import type { EndpointSettings } from './adapter/settings';
import { alternatesRoles } from './alternate-roles';
import { freshCallIds } from './fresh-call-ids';
import { goesOn, isContinuation, type PrefillSupport, prefillFields } from './go-on';
import { splitWholeReasoning } from './split-whole-reasoning';
import { type SystemRoleSupport, withoutRefusedSystem } from './without-refused-system';
import { type ToolSupport, withoutRefusedTools } from './without-refused-tools';

/** What a process remembers of a model between requests. */
export type ModelHabits = ThinkingHabit & ToolSupport & SystemRoleSupport & PrefillSupport;

export function newModelHabits(): ModelHabits {
  return {
    beginsInside: false,
    refusesTools: false,
    refusesSystem: false,
    refusesPrefill: false,
  };
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
  const whole = providerModel(settings, async (written) => {
    const json = await askEndpoint(written, settings, (request) => attemptWhole(request, settings));
    return new Response(json, { headers: { 'content-type': 'application/json' } });
  });
  return wrapLanguageModel({
    model: whole,
    modelId: settings.modelNames[0],
    middleware: [
      freshCallIds,
      withoutRefusedTools(habits),
      withoutRefusedSystem(habits),
      goesOn(settings, habits),
      alternatesRoles,
      splitWholeReasoning,
      streamsByAdapter(settings, habits),
    ],
  });
}

/**
 * The provider writes the request; the adapter sends it and reads the answer. The provider's own
 * reading costs four transform streams an answer and drops what models think, so it is left before it.
 */
function streamsByAdapter(
  settings: EndpointSettings,
  habit: ThinkingHabit,
): LanguageModelV1Middleware {
  return {
    async wrapStream({ params }) {
      const written = await writeRequest(settings, params);
      const request = { ...written, fields: prefillFields(params, settings) };
      const stream = await askEndpoint(request, settings, (attempt) =>
        attemptStream(attempt, settings, habit, isContinuation(params)),
      );
      const rawCall = { rawPrompt: null, rawSettings: {} };
      return { stream, rawCall, request: { body: written.body } };
    },
  };
}

/** Thrown into the provider to leave it. Made once: a stack trace of its own costs every answer. */
const WRITTEN = new Error('The request is written.');

/** What the provider would send for a streamed answer. */
async function writeRequest(
  settings: EndpointSettings,
  params: LanguageModelV1CallOptions,
): Promise<WrittenRequest> {
  let written: WrittenRequest | undefined;
  const model = providerModel(settings, (request) => {
    written = request;
    return Promise.reject(WRITTEN);
  });
  try {
    await model.doStream(params);
  } catch (error) {
    if (error !== WRITTEN) throw error;
  }
  if (!written) throw new Error('The provider made no request.');
  return written;
}

/** The provider's model, with `ask` in place of the network. */
function providerModel(
  settings: EndpointSettings,
  ask: (written: WrittenRequest) => Promise<Response>,
): LanguageModelV1 {
  const provider = createOpenAI({
    // Endpoints on one's own machine usually ask for none, but the header must hold something.
    apiKey: settings.apiKey ?? 'not-needed',
    baseURL: settings.baseUrl,
    compatibility: 'compatible',
    fetch: (input, init) => {
      const body = String(init?.body ?? '');
      return ask({
        url: input instanceof Request ? input.url : String(input),
        headers: { ...(init?.headers as Record<string, string>) },
        body,
        streams: body.endsWith(',"stream":true}'),
        signal: init?.signal ?? undefined,
      });
    },
  });
  return provider.chat(PROVIDER_MODEL_ID);
}
