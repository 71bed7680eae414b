/** A second try, without what an endpoint refuses. */
import type { LanguageModelV1CallOptions, LanguageModelV1Middleware } from 'ai';
import type { AppError } from '@/lib/errors';
import { toAppError } from './to-app-error';

type Params = LanguageModelV1CallOptions;

export type Reduction = {
  /** Whether the endpoint may have refused the request for what `reduce` takes away. */
  isRefusal(error: AppError, params: Params): boolean;
  /** The request without it. */
  reduce(params: Params): Params;
  /** Whether requests are reduced before they are sent. */
  isLearned(): boolean;
  /**
   * The reduced request was answered: what was refused was indeed refused for this. Not called
   * where the second try fails too, since the first failure then had another reason.
   */
  learn(error: AppError, params: Params): void;
};

/** Repeats a refused request in its reduced form. @throws what the second try failed with */
export function retryReduced(reduction: Reduction): LanguageModelV1Middleware {
  async function attempt<T>(
    params: Params,
    whole: () => PromiseLike<T>,
    reduced: (params: Params) => PromiseLike<T>,
  ): Promise<T> {
    try {
      return await whole();
    } catch (error) {
      const refusal = toAppError(error);
      if (!reduction.isRefusal(refusal, params)) throw error;
      const result = await reduced(reduction.reduce(params));
      reduction.learn(refusal, params);
      return result;
    }
  }
  return {
    transformParams: async ({ params }) =>
      reduction.isLearned() ? reduction.reduce(params) : params,
    wrapStream: ({ doStream, params, model }) =>
      attempt(params, doStream, (reduced) => model.doStream(reduced)),
    wrapGenerate: ({ doGenerate, params, model }) =>
      attempt(params, doGenerate, (reduced) => model.doGenerate(reduced)),
  };
}
