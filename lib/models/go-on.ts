/**
 * Going on with an answer that broke off. Where the endpoint can continue the conversation's last
 * message, it does; elsewhere the model is asked to go on.
 */
import type {
  LanguageModelV1CallOptions,
  LanguageModelV1Middleware,
  LanguageModelV1StreamPart,
} from 'ai';
import type { ErrorCode } from '@/lib/errors';
import { logger } from '@/lib/logger';
import type { MessagePart } from '@/lib/protocol/messages';
import type { EndpointSettings } from './adapter/settings';
import { toAppError } from './to-app-error';

export type PrefillSupport = {
  /** The endpoint has refused to continue a message, whatever its kind usually does. */
  refusesPrefill: boolean;
};

const KEY = 'throughline';

export const REQUEST = {
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
export function goOnOptions(parts: readonly MessagePart[]) {
  const hasThought = parts.some(({ type }) => type === 'reasoning');
  return { providerOptions: { [KEY]: { goOn: hasThought ? 'ask' : 'prefill' } } };
}

/** The fields of a request that make the endpoint continue its last message. */
export function prefillFields(
  params: LanguageModelV1CallOptions,
  settings: EndpointSettings,
): Record<string, unknown> {
  return wishOf(params) === 'prefill' && settings.prefill === 'flags' ? VLLM_FIELDS : {};
}

/** Whether the request asks for more of an answer that is there. */
export function isContinuation(params: LanguageModelV1CallOptions): boolean {
  return wishOf(params) !== undefined;
}

export function goesOn(
  settings: EndpointSettings,
  support: PrefillSupport,
): LanguageModelV1Middleware {
  return {
    async wrapStream({ doStream, params, model }) {
      const wish = wishOf(params);
      const last = params.prompt.at(-1);
      if (!wish || last?.role !== 'assistant') return doStream();
      const ask = () => {
        const prompt = [...params.prompt, REQUEST];
        const providerMetadata = { ...params.providerMetadata, [KEY]: { goOn: 'ask' } };
        return model.doStream({ ...params, prompt, providerMetadata });
      };
      if (wish !== 'prefill' || !settings.prefill || support.refusesPrefill) return ask();
      try {
        const result = await doStream();
        return { ...result, stream: result.stream.pipeThrough(withoutEcho(saidIn(last))) };
      } catch (error) {
        if (!MAYBE_REFUSED.has(toAppError(error).code)) throw error;
        const result = await ask();
        // Only now is it known that the request was refused for this, not for something else in it.
        support.refusesPrefill = true;
        logger.info('the model endpoint continues no message: models are asked to go on instead');
        return result;
      }
    },
  };
}

/** vLLM refuses with a 400, llama.cpp with a 500. */
const MAYBE_REFUSED: ReadonlySet<ErrorCode> = new Set(['endpoint_rejected', 'endpoint_failed']);

function wishOf({ providerMetadata }: LanguageModelV1CallOptions): unknown {
  return providerMetadata?.[KEY]?.goOn;
}

type AssistantMessage = Extract<
  LanguageModelV1CallOptions['prompt'][number],
  { role: 'assistant' }
>;

function saidIn({ content }: AssistantMessage): string {
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

/** Some servers send what is there already once more before they go on. */
function withoutEcho(said: string) {
  let matched = 0;
  let over = said === '';
  return new TransformStream<LanguageModelV1StreamPart, LanguageModelV1StreamPart>({
    transform(part, controller) {
      if (over || part.type === 'response-metadata') return controller.enqueue(part);
      if (part.type !== 'text-delta') {
        release(controller);
        return controller.enqueue(part);
      }
      const rest = said.slice(matched);
      const { textDelta } = part;
      if (rest.startsWith(textDelta) && textDelta.length < rest.length) {
        matched += textDelta.length;
      } else if (textDelta.startsWith(rest)) {
        over = true;
        const fresh = textDelta.slice(rest.length);
        if (fresh) controller.enqueue({ type: 'text-delta', textDelta: fresh });
      } else {
        release(controller);
        controller.enqueue(part);
      }
    },
    flush: (controller) => release(controller),
  });

  /** It was no echo, only began like one. */
  function release(controller: TransformStreamDefaultController<LanguageModelV1StreamPart>): void {
    if (over) return;
    over = true;
    if (matched > 0) controller.enqueue({ type: 'text-delta', textDelta: said.slice(0, matched) });
  }
}
