/**
 * Continues an interrupted answer: by prefill if the endpoint can continue the last message of the
 * conversation, otherwise by a user message that requests the rest.
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
  /** The endpoint rejected a prefill, although endpoints of its kind usually support it. */
  prefillUnsupported: boolean;
};

const KEY = 'throughline';

export const CONTINUE_PROMPT = {
  role: 'user',
  content: [
    {
      type: 'text',
      text:
        'Your last message was cut off. Continue exactly where it ends, in the middle of a word if ' +
        'necessary. Do not repeat any of it, and do not mention the interruption.',
    },
  ],
} as const satisfies LanguageModelV1CallOptions['prompt'][number];

/** Parameters of vLLM's OpenAI-compatible server (chat completions). */
const VLLM_FIELDS = { continue_final_message: true, add_generation_prompt: false };

/**
 * Options for `streamText` when its messages end with the answer to continue.
 * @param parts of that answer. An answer with reasoning is continued by a user message: with a
 *   prefill, servers that separate reasoning would classify the rest of the text as reasoning.
 */
export function continuationOptions(parts: readonly MessagePart[]) {
  const hasReasoning = parts.some(({ type }) => type === 'reasoning');
  return {
    providerOptions: { [KEY]: { continuation: hasReasoning ? 'user-message' : 'prefill' } },
  };
}

/** Request fields that make the endpoint continue the last message; empty unless it is vLLM. */
export function prefillFields(
  params: LanguageModelV1CallOptions,
  settings: EndpointSettings,
): Record<string, unknown> {
  return continuationMode(params) === 'prefill' && settings.prefill === 'flags' ? VLLM_FIELDS : {};
}

/** Whether the request continues an existing answer. */
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
        const providerMetadata = {
          ...params.providerMetadata,
          [KEY]: { continuation: 'user-message' },
        };
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
        // The retry succeeded, so the prefill was the reason for the rejection.
        support.prefillUnsupported = true;
        logger.info(
          'The model endpoint does not continue assistant messages; asking with a user message from now on',
        );
        return result;
      }
    },
  };
}

/** vLLM rejects a prefill with 400, llama.cpp with 500. */
const MAYBE_UNSUPPORTED_CODES: ReadonlySet<ErrorCode> = new Set([
  'endpoint_rejected',
  'endpoint_failed',
]);

function continuationMode({ providerMetadata }: LanguageModelV1CallOptions): unknown {
  return providerMetadata?.[KEY]?.continuation;
}

type AssistantMessage = Extract<
  LanguageModelV1CallOptions['prompt'][number],
  { role: 'assistant' }
>;

function assistantText({ content }: AssistantMessage): string {
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

/** Drops the existing text from the stream: some servers repeat it before they continue. */
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

  /** Emits the buffered text: it only started like an echo. */
  function release(controller: TransformStreamDefaultController<LanguageModelV1StreamPart>): void {
    if (isDone) return;
    isDone = true;
    if (matched > 0)
      controller.enqueue({ type: 'text-delta', textDelta: existingText.slice(0, matched) });
  }
}
