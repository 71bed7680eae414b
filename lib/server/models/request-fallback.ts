/** Retries a failed request in a form that the endpoint supports. */
import type { LanguageModelV1CallOptions, LanguageModelV1Middleware } from 'ai';
import type { AppError } from '@/lib/protocol/errors';
import { toAppError } from './to-app-error';

type Params = LanguageModelV1CallOptions;

export type RequestFallback = {
  /** Whether what `apply` changes may be the reason for the error. */
  appliesTo(error: AppError, params: Params): boolean;
  /** Returns the request in a form that the endpoint supports. */
  apply(params: Params): Params;
  /** Whether requests are changed before the first attempt. */
  isLearned(): boolean;
  /**
   * Called when the fallback request succeeded, which confirms the reason. Not called when it fails
   * too: the reason is then unknown.
   * @param error of the first attempt
   * @param params of the first attempt
   */
  learn(error: AppError, params: Params): void;
};

/**
 * Middleware that retries a failed request in the fallback's form.
 * @throws the first error if the fallback does not apply to it, else the error of the second
 *   attempt
 */
export function retryWithFallback(fallback: RequestFallback): LanguageModelV1Middleware {
  async function attempt<T>(
    params: Params,
    send: () => PromiseLike<T>,
    sendFallback: (params: Params) => PromiseLike<T>,
  ): Promise<T> {
    try {
      return await send();
    } catch (error) {
      const appError = toAppError(error);
      if (!fallback.appliesTo(appError, params)) throw error;
      const result = await sendFallback(fallback.apply(params));
      fallback.learn(appError, params);
      return result;
    }
  }
  return {
    transformParams: async ({ params }) => (fallback.isLearned() ? fallback.apply(params) : params),
    wrapStream: ({ doStream, params, model }) =>
      attempt(params, doStream, (changed) => model.doStream(changed)),
    wrapGenerate: ({ doGenerate, params, model }) =>
      attempt(params, doGenerate, (changed) => model.doGenerate(changed)),
  };
}
