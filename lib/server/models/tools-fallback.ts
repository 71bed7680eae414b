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
  /** The endpoint has refused a request because of its tools. */
  toolsUnsupported: boolean;
};

/**
 * Answers without tools where the endpoint refuses them: an answer without a tool is worth more than
 * an error. That is remembered of the model only where tools as such were refused. A conversation
 * that holds calls may have been refused for one of them: then just this request goes without.
 */
export function toolsFallback(support: ToolSupport): LanguageModelV1Middleware {
  return retryWithFallback({
    isLearned: () => support.toolsUnsupported,
    isRejection: (error, params) => (hasTools(params) || hasCalls(params)) && isToolsError(error),
    apply: dropTools,
    learn(error, params) {
      if (hasCalls(params) || !isToolSupportMissing(error)) return;
      support.toolsUnsupported = true;
      logger.warn('the model endpoint refuses tools: answering without them from now on');
    },
  });
}

/** Endpoints that do not do tools say so in these words (vLLM, llama.cpp, Ollama, TGI, LiteLLM). */
const TOOL_PATTERN = /\btools?\b|tool[_ -]?(choice|call|use)|\bfunctions?\b|function[_ -]?call/i;

/** What templates and validators say of a role, or an order of roles, that they do not know. */
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
 * Whether a refusal is about the tools in the request rather than about the request. The status does
 * not tell: llama.cpp says it with a 500, OpenRouter with a 404, others with 400, 422 or 501.
 */
export function isToolsError(error: AppError): boolean {
  const text = endpointMessage(error) ?? '';
  return (
    !OTHER_FAILURE_CODES.has(error.code) && (TOOL_PATTERN.test(text) || ROLE_PATTERN.test(text))
  );
}

const UNSUPPORTED_PATTERN =
  /support|require|implement|enable|allow|permit|unavailable|not available|unknown|unrecogni[sz]ed|unexpected|extra|invalid/i;

/** A failure that just mentions tools may pass; a refusal, or words of not being able to, do not. */
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

/** The request without tools; calls and results of earlier turns become plain text. */
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
