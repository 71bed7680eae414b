import type { LanguageModelV1CallOptions, LanguageModelV1Middleware } from 'ai';
import type { AppError, ErrorCode } from '@/lib/protocol/errors';
import { logger } from '@/lib/server/log/logger';
import { endpointMessage } from './adapter/failure';
import {
  type PromptMessage,
  toolResultsAsText,
  userMessage,
  withoutToolCalls,
} from './prompt-text';
import { retryWithFallback } from './request-fallback';

export type ToolSupport = {
  /** The endpoint rejected a request because of its tools. */
  toolsUnsupported: boolean;
};

/**
 * Retries without tools if the endpoint rejects them: an answer without tools is worth more than an
 * error. This is remembered for the model only if tools as such were rejected. A conversation that
 * holds calls may have been rejected because of one of them: then only this request is sent without
 * tools.
 */
export function toolsFallback(support: ToolSupport): LanguageModelV1Middleware {
  return retryWithFallback({
    isLearned: () => support.toolsUnsupported,
    appliesTo: (error, params) => (hasTools(params) || hasCalls(params)) && isToolsError(error),
    apply: dropTools,
    learn(error, params) {
      if (hasCalls(params) || !isToolSupportMissing(error)) return;
      support.toolsUnsupported = true;
      logger.warn('The model endpoint rejects tools; sending requests without them from now on');
    },
  });
}

/** Error texts of endpoints without tool support (vLLM, llama.cpp, Ollama, TGI, LiteLLM). */
const TOOL_PATTERN = /\btools?\b|tool[_ -]?(choice|call|use)|\bfunctions?\b|function[_ -]?call/i;

/** Error texts of templates and validators about an unknown role or order of roles. */
const ROLE_PATTERN = /roles? must alternate|unexpected role|(un|not )support\w* role|invalid role/i;

const OTHER_FAILURE_CODES: ReadonlySet<ErrorCode> = new Set([
  'endpoint_unauthorized',
  'endpoint_rate_limited',
  'endpoint_timeout',
  'endpoint_unreachable',
  'context_too_long',
  'internal',
]);

/**
 * Whether an error is about the tools of the request. The status does not show it: llama.cpp uses
 * 500, OpenRouter 404, others 400, 422 or 501.
 */
export function isToolsError(error: AppError): boolean {
  const text = endpointMessage(error) ?? '';
  return (
    !OTHER_FAILURE_CODES.has(error.code) && (TOOL_PATTERN.test(text) || ROLE_PATTERN.test(text))
  );
}

const UNSUPPORTED_PATTERN =
  /support|require|implement|enable|allow|permit|unavailable|not available|unknown|unrecogni[sz]ed|unexpected|extra|invalid/i;

/**
 * A failure that only mentions tools may be temporary. A rejection, or a text about missing
 * support, is permanent.
 */
function isToolSupportMissing(error: AppError): boolean {
  const text = endpointMessage(error) ?? '';
  return (
    TOOL_PATTERN.test(text) &&
    (error.code === 'endpoint_rejected' || UNSUPPORTED_PATTERN.test(text))
  );
}

function hasTools({ mode }: LanguageModelV1CallOptions): boolean {
  return mode.type === 'regular' && (mode.tools?.length ?? 0) > 0;
}

function hasCalls({ prompt }: LanguageModelV1CallOptions): boolean {
  return prompt.some(({ role }) => role === 'tool');
}

/** The request without tools; calls are dropped and results of earlier turns become plain text. */
function dropTools(params: LanguageModelV1CallOptions): LanguageModelV1CallOptions {
  if (params.mode.type !== 'regular') return params;
  return { ...params, mode: { type: 'regular' }, prompt: params.prompt.flatMap(toPlainText) };
}

function toPlainText(message: PromptMessage): PromptMessage[] {
  if (message.role === 'tool') return [userMessage(toolResultsAsText(message))];
  if (message.role !== 'assistant') return [message];
  const remaining = withoutToolCalls(message);
  return remaining ? [remaining] : [];
}
