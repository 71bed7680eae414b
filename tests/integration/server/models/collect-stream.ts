import { streamText, type ToolSet, tool } from 'ai';
import { z } from 'zod';
import type { AppError } from '@/lib/protocol/errors';
import { toAppError } from '@/lib/server/models';
import type { EndpointSettings } from '@/lib/server/models/adapter/endpoint-settings';
import { endpointModel, type LearnedBehavior } from '@/lib/server/models/endpoint-model';
import { MODEL_ID, type ModelServer } from '@/tests/support/model-server';

// Requests read the configuration, which is invalid without this variable.
process.env.POSTGRES_URL ??= 'postgres://throughline@127.0.0.1:1/unused';

export function settingsFor(
  server: Pick<ModelServer, 'baseUrl'>,
  change: Partial<EndpointSettings> = {},
  limits: Partial<EndpointSettings['timeouts']> = {},
): EndpointSettings {
  return {
    baseUrl: server.baseUrl,
    apiKey: null,
    modelNames: [MODEL_ID],
    verifyTls: true,
    timeouts: {
      // No test waits for these: a busy machine must not reach them.
      connectTimeoutMs: 60_000,
      firstTokenTimeoutMs: 60_000,
      idleTimeoutMs: 60_000,
      totalTimeoutMs: 120_000,
      ...limits,
    },
    ...change,
  };
}

export const weatherTools = {
  getWeather: tool({
    parameters: z.object({ city: z.string() }),
    execute: async ({ city }) => `sun in ${city}`,
  }),
  now: tool({ parameters: z.object({}), execute: async () => 'noon' }),
};

export type Collected = {
  text: string;
  reasoning: string;
  toolCalls: Array<{ name: string; args: unknown }>;
  error: AppError | null;
  finishReason: string | null;
  usage: { promptTokens: number; completionTokens: number } | null;
  /** Number of text and reasoning parts that the SDK passed on. */
  frames: number;
  /** The error that reading the stream threw, or null. */
  thrown: unknown;
};

/** Runs an answer through the AI SDK, as the app does, and collects what its readers receive. */
export async function collectStream(
  settings: EndpointSettings,
  prompt: string,
  options: {
    tools?: ToolSet;
    behavior?: LearnedBehavior;
    signal?: AbortSignal;
    onPart?: (part: { type: string }) => void;
  } = {},
): Promise<Collected> {
  const collected: Collected = {
    text: '',
    reasoning: '',
    toolCalls: [],
    error: null,
    finishReason: null,
    usage: null,
    frames: 0,
    thrown: null,
  };
  const { fullStream } = streamText({
    model: endpointModel(settings, options.behavior),
    prompt,
    maxRetries: 0,
    maxSteps: 3,
    tools: options.tools,
    abortSignal: options.signal,
    onError: () => undefined,
  });
  try {
    for await (const part of fullStream) {
      options.onPart?.(part);
      if (part.type === 'text-delta') collected.text += part.textDelta;
      if (part.type === 'reasoning') collected.reasoning += part.textDelta;
      if (part.type === 'text-delta' || part.type === 'reasoning') collected.frames += 1;
      if (part.type === 'tool-call') {
        collected.toolCalls.push({ name: part.toolName, args: part.args });
      }
      if (part.type === 'error') collected.error = toAppError(part.error);
      if (part.type === 'finish') {
        collected.finishReason = part.finishReason;
        collected.usage = part.usage;
      }
    }
  } catch (error) {
    collected.thrown = error;
  }
  return collected;
}
