/** A second try, without what an endpoint refuses. */
import type { LanguageModelV1CallOptions, LanguageModelV1Middleware } from 'ai';
import type { AppError } from '@/lib/protocol/errors';
import { toAppError } from './to-app-error';

type Params = LanguageModelV1CallOptions;

export type RequestFallback = {
  /** Whether the endpoint may have refused the request for what `reduce` takes away. */
  isRejection(error: AppError, params: Params): boolean;
  /** The request without it. */
  apply(params: Params): Params;
  /** Whether requests are reduced before they are sent. */
  isLearned(): boolean;
  /**
   * The reduced request was answered: what was refused was indeed refused for this. Not called
   * where the second try fails too, since the first failure then had another reason.
   */
  learn(error: AppError, params: Params): void;
};

/** Repeats a refused request in its reduced form. @throws what the second try failed with */
export function retryWithFallback(reduction: RequestFallback): LanguageModelV1Middleware {
  async function attempt<T>(
    params: Params,
    send: () => PromiseLike<T>,
    sendReduced: (params: Params) => PromiseLike<T>,
  ): Promise<T> {
    try {
      return await send();
    } catch (error) {
      const rejection = toAppError(error);
      if (!reduction.isRejection(rejection, params)) throw error;
      const result = await sendReduced(reduction.apply(params));
      reduction.learn(rejection, params);
      return result;
    }
  }
  return {
    transformParams: async ({ params }) =>
      reduction.isLearned() ? reduction.apply(params) : params,
    wrapStream: ({ doStream, params, model }) =>
      attempt(params, doStream, (reduced) => model.doStream(reduced)),
    wrapGenerate: ({ doGenerate, params, model }) =>
      attempt(params, doGenerate, (reduced) => model.doGenerate(reduced)),
  };
}
