/**
 * Going on with an answer that broke off. Where the endpoint can continue the conversation's last
 * message, it does; elsewhere the model is asked to go on.
 */
import type {
  LanguageModelV1CallOptions,
  LanguageModelV1Middleware,
  LanguageModelV1StreamPart,
} from 'ai';
import type { ErrorCode } from '@/lib/protocol/errors';
import type { MessagePart } from '@/lib/protocol/messages';
import { logger } from '@/lib/server/log/logger';
import type { EndpointSettings } from './adapter/endpoint-settings';
import { toAppError } from './to-app-error';

export type PrefillSupport = {
  /** The endpoint has refused to continue a message, whatever its kind usually does. */
  prefillUnsupported: boolean;
};

const KEY = 'throughline';

export const CONTINUE_PROMPT = {
  role: 'user',
  content: [
    {
      type: 'text',
      text:
        'Your last message was cut off. Go on exactly where it ends, in the middle of a word if need ' +
        'be. Repeat nothing of it, and say nothing about the interruption.',
    },
  ],
} as const satisfies LanguageModelV1CallOptions['prompt'][number];

/** What vLLM calls it (its OpenAI-compatible server, chat completions). */
const VLLM_FIELDS = { continue_final_message: true, add_generation_prompt: false };

/**
 * Options for `streamText` whose messages end with the answer to go on with.
 * @param parts of that answer. One that has thought is asked to go on: continued in place, servers
 *   that tell thinking apart take the rest of the text for thinking.
 */
export function continuationOptions(parts: readonly MessagePart[]) {
  const hasReasoning = parts.some(({ type }) => type === 'reasoning');
  return { providerOptions: { [KEY]: { continuation: hasReasoning ? 'ask' : 'prefill' } } };
}

/** The fields of a request that make the endpoint continue its last message. */
export function prefillFields(
  params: LanguageModelV1CallOptions,
  settings: EndpointSettings,
): Record<string, unknown> {
  return continuationMode(params) === 'prefill' && settings.prefill === 'flags' ? VLLM_FIELDS : {};
}

/** Whether the request asks for more of an answer that is there. */
export function isContinuation(params: LanguageModelV1CallOptions): boolean {
  return continuationMode(params) !== undefined;
}

export function continuationMiddleware(
  settings: EndpointSettings,
  support: PrefillSupport,
): LanguageModelV1Middleware {
  return {
    async wrapStream({ doStream, params, model }) {
      const mode = continuationMode(params);
      const last = params.prompt.at(-1);
      if (!mode || last?.role !== 'assistant') return doStream();
      const requestContinuation = () => {
        const prompt = [...params.prompt, CONTINUE_PROMPT];
        const providerMetadata = { ...params.providerMetadata, [KEY]: { continuation: 'ask' } };
        return model.doStream({ ...params, prompt, providerMetadata });
      };
      if (mode !== 'prefill' || !settings.prefill || support.prefillUnsupported)
        return requestContinuation();
      try {
        const result = await doStream();
        return { ...result, stream: result.stream.pipeThrough(stripEcho(assistantText(last))) };
      } catch (error) {
        if (!MAYBE_UNSUPPORTED_CODES.has(toAppError(error).code)) throw error;
        const result = await requestContinuation();
        // Only now is it known that the request was refused for this, not for something else in it.
        support.prefillUnsupported = true;
        logger.info('the model endpoint continues no message: models are asked to go on instead');
        return result;
      }
    },
  };
}

/** vLLM refuses with a 400, llama.cpp with a 500. */
const MAYBE_UNSUPPORTED_CODES: ReadonlySet<ErrorCode> = new Set([
  'endpoint_rejected',
  'endpoint_failed',
]);

function continuationMode({ providerMetadata }: LanguageModelV1CallOptions): unknown {
  return providerMetadata?.[KEY]?.goOn;
}

type AssistantMessage = Extract<
  LanguageModelV1CallOptions['prompt'][number],
  { role: 'assistant' }
>;

function assistantText({ content }: AssistantMessage): string {
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

/** Some servers send what is there already once more before they go on. */
function stripEcho(existingText: string) {
  let matched = 0;
  let isDone = existingText === '';
  return new TransformStream<LanguageModelV1StreamPart, LanguageModelV1StreamPart>({
    transform(part, controller) {
      if (isDone || part.type === 'response-metadata') return controller.enqueue(part);
      if (part.type !== 'text-delta') {
        release(controller);
        return controller.enqueue(part);
      }
      const remaining = existingText.slice(matched);
      const { textDelta } = part;
      if (remaining.startsWith(textDelta) && textDelta.length < remaining.length) {
        matched += textDelta.length;
      } else if (textDelta.startsWith(remaining)) {
        isDone = true;
        const added = textDelta.slice(remaining.length);
        if (added) controller.enqueue({ type: 'text-delta', textDelta: added });
      } else {
        release(controller);
        controller.enqueue(part);
      }
    },
    flush: (controller) => release(controller),
  });

  /** It was no echo, only began like one. */
  function release(controller: TransformStreamDefaultController<LanguageModelV1StreamPart>): void {
    if (isDone) return;
    isDone = true;
    if (matched > 0)
      controller.enqueue({ type: 'text-delta', textDelta: existingText.slice(0, matched) });
  }
}
