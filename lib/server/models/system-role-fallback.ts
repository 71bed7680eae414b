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
 * Puts the system message into the first user message where a model has no system role (Gemma, early
 * Mistral and Llama templates, o1), and remembers that of the model.
 */
export function systemRoleFallback(support: SystemRoleSupport): LanguageModelV1Middleware {
  return retryWithFallback({
    isLearned: () => support.systemRoleUnsupported,
    isRejection: (error, params) => hasSystem(params) && isSystemRoleError(error),
    apply: systemAsUser,
    learn() {
      support.systemRoleUnsupported = true;
      logger.info('the model has no system role: instructions go into the first message');
    },
  });
}

const SYSTEM_ROLE_PATTERNS = [
  /(system|developer)['"’]?[ _-]?(role|message|prompt|instruction)s?\b.{0,60}(not|n['’]t|un)\s?(be )?(support|allow|enabl|accept|permit|recogni|valid)/i,
  /(not|n['’]t|un)\s?(support|allow|accept|recogni[sz]e|known|expected)\w*.{0,40}\b(system|developer)\b/i,
  /(invalid|unknown|unexpected|unsupported)( message)? role/i,
  // Templates that count a system message as a turn; ours take turns otherwise.
  /roles must alternate|only user(,| and) (assistant|model)/i,
];

/** Whether a template or validator refuses the system role, whatever status it says that with. */
export function isSystemRoleError(error: AppError): boolean {
  if (error.code === 'endpoint_unauthorized' || error.code === 'endpoint_rate_limited')
    return false;
  const text = endpointMessage(error) ?? '';
  return SYSTEM_ROLE_PATTERNS.some((pattern) => pattern.test(text));
}

function hasSystem({ prompt }: LanguageModelV1CallOptions): boolean {
  return prompt.some(({ role }) => role === 'system');
}

/** It becomes one message with the user's that follows: see alternate-roles. */
function systemAsUser(params: LanguageModelV1CallOptions): LanguageModelV1CallOptions {
  const prompt = params.prompt.map((message) =>
    message.role === 'system' ? userMessage(message.content) : message,
  );
  return { ...params, prompt };
}
