/** Retries a rejected request without what the endpoint does not support. */
import type { LanguageModelV1CallOptions, LanguageModelV1Middleware } from 'ai';
import type { AppError } from '@/lib/protocol/errors';
import { toAppError } from './to-app-error';

type Params = LanguageModelV1CallOptions;

export type RequestFallback = {
  /** Whether the part that `apply` removes may be the reason for the rejection. */
  isRejection(error: AppError, params: Params): boolean;
  /** Returns the request without that part. */
  apply(params: Params): Params;
  /** Whether requests are reduced before the first attempt. */
  isLearned(): boolean;
  /**
   * Called when the reduced request succeeded, so the removed part was the reason. Not called when
   * the second attempt fails too: then the first failure had another reason.
   */
  learn(error: AppError, params: Params): void;
};

/**
 * Middleware that repeats a rejected request in its reduced form.
 * @throws the error of the second attempt
 */
export function retryWithFallback(fallback: RequestFallback): LanguageModelV1Middleware {
  async function attempt<T>(
    params: Params,
    send: () => PromiseLike<T>,
    sendReduced: (params: Params) => PromiseLike<T>,
  ): Promise<T> {
    try {
      return await send();
    } catch (error) {
      const rejection = toAppError(error);
      if (!fallback.isRejection(rejection, params)) throw error;
      const result = await sendReduced(fallback.apply(params));
      fallback.learn(rejection, params);
      return result;
    }
  }
  return {
    transformParams: async ({ params }) => (fallback.isLearned() ? fallback.apply(params) : params),
    wrapStream: ({ doStream, params, model }) =>
      attempt(params, doStream, (reduced) => model.doStream(reduced)),
    wrapGenerate: ({ doGenerate, params, model }) =>
      attempt(params, doGenerate, (reduced) => model.doGenerate(reduced)),
  };
}
