import type { LanguageModelV1CallOptions, LanguageModelV1Middleware } from 'ai';
import { logger } from '@/lib/logger';
import { isAboutTools } from './adapter/failure';
import { toAppError } from './to-app-error';

export type ToolSupport = {
  /** The endpoint has refused a request because of its tools. */
  refusesTools: boolean;
};

/**
 * Answers without tools where the endpoint refuses them, and remembers it: an answer without a tool
 * is worth more than an error.
 */
export function withoutRefusedTools(support: ToolSupport): LanguageModelV1Middleware {
  return {
    transformParams: async ({ params }) => (support.refusesTools ? dropTools(params) : params),
    async wrapStream({ doStream, params, model }) {
      try {
        return await doStream();
      } catch (error) {
        learnRefusal(support, params, error);
        return model.doStream(dropTools(params));
      }
    },
    async wrapGenerate({ doGenerate, params, model }) {
      try {
        return await doGenerate();
      } catch (error) {
        learnRefusal(support, params, error);
        return model.doGenerate(dropTools(params));
      }
    },
  };
}

/** @throws the error again unless it is about tools that the request has. */
function learnRefusal(
  support: ToolSupport,
  params: LanguageModelV1CallOptions,
  error: unknown,
): void {
  const hadTools = params.mode.type === 'regular' && (params.mode.tools?.length ?? 0) > 0;
  if (!hadTools || !isAboutTools(toAppError(error))) throw error;
  support.refusesTools = true;
  logger.warn('the model endpoint refuses tools: answering without them from now on');
}

/** The request without tools; calls and results of earlier turns become plain text. */
function dropTools(params: LanguageModelV1CallOptions): LanguageModelV1CallOptions {
  if (params.mode.type !== 'regular') return params;
  return { ...params, mode: { type: 'regular' }, prompt: params.prompt.flatMap(withoutCalls) };
}

type PromptMessage = LanguageModelV1CallOptions['prompt'][number];

function withoutCalls(message: PromptMessage): PromptMessage[] {
  if (message.role === 'tool') {
    const results = message.content.map(
      ({ toolName, result }) => `Result of ${toolName}: ${JSON.stringify(result)}`,
    );
    return [{ role: 'user', content: [{ type: 'text', text: results.join('\n') }] }];
  }
  if (message.role !== 'assistant') return [message];
  const content = message.content.filter((part) => part.type !== 'tool-call');
  return content.length > 0 ? [{ ...message, content }] : [];
}
