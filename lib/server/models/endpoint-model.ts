import { createOpenAI } from '@ai-sdk/openai';
import {
  type LanguageModelV1,
  type LanguageModelV1CallOptions,
  type LanguageModelV1Middleware,
  wrapLanguageModel,
} from 'ai';
import { attemptBuffered, attemptStream } from './adapter/attempt';
import type { ReasoningBehavior } from './adapter/completion-reader';
import type { EndpointSettings } from './adapter/endpoint-settings';
import { PROVIDER_MODEL_ID } from './adapter/request-body';
import { type ProviderRequest, requestEndpoint } from './adapter/request-endpoint';
import { alternateRolesMiddleware } from './alternate-roles';
import {
  continuationMiddleware,
  isContinuation,
  type PrefillSupport,
  prefillFields,
} from './continuation';
import { splitReasoningMiddleware } from './reasoning/split-reasoning-middleware';
import { type SystemRoleSupport, systemRoleFallback } from './system-role-fallback';
import { type ToolSupport, toolsFallback } from './tools-fallback';
import { uniqueCallIds } from './unique-call-ids';

/** Behavior learned about a model, cached per process. */
export type LearnedBehavior = ReasoningBehavior & ToolSupport & SystemRoleSupport & PrefillSupport;

export function newLearnedBehavior(): LearnedBehavior {
  return {
    startsInReasoning: false,
    toolsUnsupported: false,
    systemRoleUnsupported: false,
    prefillUnsupported: false,
  };
}

/**
 * A model at an OpenAI-compatible endpoint, for `streamText` and `generateText`.
 *
 * An error before the first part of an answer is thrown as an AppError. A later error arrives as an
 * `error` part that holds one, after everything received. The model retries requests
 * itself, so pass `maxRetries: 0`. An abort closes the connection immediately.
 */
export function endpointModel(
  settings: EndpointSettings,
  behavior: LearnedBehavior = newLearnedBehavior(),
): LanguageModelV1 {
  const bufferedModel = providerModel(settings, async (request) => {
    const json = await requestEndpoint(request, settings, (request) =>
      attemptBuffered(request, settings),
    );
    return new Response(json, { headers: { 'content-type': 'application/json' } });
  });
  return wrapLanguageModel({
    model: bufferedModel,
    modelId: settings.modelNames[0],
    middleware: [
      uniqueCallIds,
      toolsFallback(behavior),
      systemRoleFallback(behavior),
      continuationMiddleware(settings, behavior),
      alternateRolesMiddleware,
      splitReasoningMiddleware,
      adapterStreamMiddleware(settings, behavior),
    ],
  });
}

/**
 * Lets the provider create the request; the adapter sends it and parses the response. The
 * provider's own parser costs four transform streams per answer and drops reasoning, so it is
 * bypassed.
 */
function adapterStreamMiddleware(
  settings: EndpointSettings,
  behavior: ReasoningBehavior,
): LanguageModelV1Middleware {
  return {
    async wrapStream({ params }) {
      const captured = await captureRequest(settings, params);
      const request = { ...captured, extraFields: prefillFields(params, settings) };
      const stream = await requestEndpoint(request, settings, (attempt) =>
        attemptStream(attempt, settings, behavior, isContinuation(params)),
      );
      const rawCall = { rawPrompt: null, rawSettings: {} };
      return { stream, rawCall, request: { body: captured.body } };
    },
  };
}

/**
 * Rejects the provider's fetch once the request is captured. One shared instance: a stack trace per
 * answer would cost time.
 */
const REQUEST_CAPTURED = new Error('The request body is complete.');

/** Returns the request that the provider would send for a streamed answer. */
async function captureRequest(
  settings: EndpointSettings,
  params: LanguageModelV1CallOptions,
): Promise<ProviderRequest> {
  let captured: ProviderRequest | undefined;
  const model = providerModel(settings, (request) => {
    captured = request;
    return Promise.reject(REQUEST_CAPTURED);
  });
  try {
    await model.doStream(params);
  } catch (error) {
    if (error !== REQUEST_CAPTURED) throw error;
  }
  if (!captured) throw new Error('The provider sent no request.');
  return captured;
}

/** The provider's model, with `send` in place of the network. */
function providerModel(
  settings: EndpointSettings,
  send: (request: ProviderRequest) => Promise<Response>,
): LanguageModelV1 {
  const provider = createOpenAI({
    // Local endpoints usually need no key, but the header must not be empty.
    apiKey: settings.apiKey ?? 'not-needed',
    baseURL: settings.baseUrl,
    compatibility: 'compatible',
    fetch: (input, init) => {
      const body = String(init?.body ?? '');
      return send({
        url: input instanceof Request ? input.url : String(input),
        headers: { ...(init?.headers as Record<string, string>) },
        body,
        isStreaming: body.endsWith(',"stream":true}'),
        signal: init?.signal ?? undefined,
      });
    },
  });
  return provider.chat(PROVIDER_MODEL_ID);
}
