import type { LanguageModelV1CallOptions, LanguageModelV1Middleware } from 'ai';
import type { AppError } from '@/lib/protocol/errors';
import { logger } from '@/lib/server/log/logger';
import { endpointMessage } from './adapter/failure';
import { userMessage } from './prompt-text';
import { retryWithFallback } from './request-fallback';

export type SystemRoleSupport = {
  /** The model's template has no system role. */
  systemRoleUnsupported: boolean;
};

/**
 * Puts the system message into the first user message if a model has no system role (Gemma, early
 * Mistral and Llama templates, o1), and remembers that for the model.
 */
export function systemRoleFallback(support: SystemRoleSupport): LanguageModelV1Middleware {
  return retryWithFallback({
    isLearned: () => support.systemRoleUnsupported,
    appliesTo: (error, params) => hasSystem(params) && isSystemRoleError(error),
    apply: systemAsUser,
    learn() {
      support.systemRoleUnsupported = true;
      logger.info(
        'The model endpoint rejects the system role; sending the instructions in the first message from now on',
      );
    },
  });
}

const SYSTEM_ROLE_PATTERNS = [
  /(system|developer)['"’]?[ _-]?(role|message|prompt|instruction)s?\b.{0,60}(not|n['’]t|un)\s?(be )?(support|allow|enabl|accept|permit|recogni|valid)/i,
  /(not|n['’]t|un)\s?(support|allow|accept|recogni[sz]e|known|expected)\w*.{0,40}\b(system|developer)\b/i,
  /(invalid|unknown|unexpected|unsupported)( message)? role/i,
  // Templates that count a system message as a turn. The other messages of the prompt alternate.
  /roles must alternate|only user(,| and) (assistant|model)/i,
];

/** Whether the error text rejects the system role, whatever its status. */
export function isSystemRoleError(error: AppError): boolean {
  if (error.code === 'endpoint_unauthorized' || error.code === 'endpoint_rate_limited')
    return false;
  const text = endpointMessage(error) ?? '';
  return SYSTEM_ROLE_PATTERNS.some((pattern) => pattern.test(text));
}

function hasSystem({ prompt }: LanguageModelV1CallOptions): boolean {
  return prompt.some(({ role }) => role === 'system');
}

/** The message is then merged with the user message that follows, see alternate-roles. */
function systemAsUser(params: LanguageModelV1CallOptions): LanguageModelV1CallOptions {
  const prompt = params.prompt.map((message) =>
    message.role === 'system' ? userMessage(message.content) : message,
  );
  return { ...params, prompt };
}
