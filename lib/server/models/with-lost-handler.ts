import { type LanguageModelV1, wrapLanguageModel } from 'ai';
import type { ErrorCode } from '@/lib/protocol/errors';
import { toAppError } from './to-app-error';

const LOST_CODES: ReadonlySet<ErrorCode> = new Set([
  'endpoint_unreachable',
  'endpoint_model_missing',
]);

/**
 * Calls `onLost` when the model is not at its listed address, for example after a redeploy: a retry
 * then finds its new address without waiting for the list to expire.
 */
export function withLostHandler(model: LanguageModelV1, onLost: () => void): LanguageModelV1 {
  function rethrow(error: unknown): never {
    if (LOST_CODES.has(toAppError(error).code)) onLost();
    throw error;
  }
  return wrapLanguageModel({
    model,
    middleware: {
      wrapStream: ({ doStream }) => Promise.resolve(doStream()).catch(rethrow),
      wrapGenerate: ({ doGenerate }) => Promise.resolve(doGenerate()).catch(rethrow),
    },
  });
}
