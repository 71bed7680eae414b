import { APICallError, NoSuchToolError, RetryError } from 'ai';
import { AppError } from '@/lib/protocol/errors';
import { errorFromStatus } from './adapter/failure';

const MAX_DEPTH = 8;

/**
 * Returns the AppError inside an error of a model call, looking through the AI SDK's wrappers and
 * chains of causes. Without one, returns `internal` with the error as its cause.
 */
export function toAppError(error: unknown): AppError {
  return findAppError(error, 0) ?? new AppError('internal', { cause: error });
}

function findAppError(error: unknown, depth: number): AppError | null {
  if (error instanceof AppError) return error;
  if (error === null || typeof error !== 'object' || depth > MAX_DEPTH) return null;
  if (RetryError.isInstance(error)) return findAppError(error.lastError, depth + 1);
  const toolError = unknownToolError(error);
  if (toolError) return toolError;
  // From an AbortSignal.timeout that was passed to the call.
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return new AppError('endpoint_timeout', { cause: error });
  }
  const inner = findAppError((error as { cause?: unknown }).cause, depth + 1);
  if (inner) return inner;
  if (!APICallError.isInstance(error)) return null;
  if (error.statusCode === undefined) return new AppError('endpoint_unreachable', { cause: error });
  if (error.statusCode < 300) return new AppError('endpoint_invalid_response', { cause: error });
  return errorFromStatus(error.statusCode, error.responseBody ?? '');
}

/** A tool call of a model that got no tools: a model error, not a server error. */
function unknownToolError(error: object): AppError | null {
  if (!NoSuchToolError.isInstance(error)) return null;
  const message = `The model called the tool “${error.toolName}”, which does not exist.`;
  return new AppError('endpoint_invalid_response', { message, cause: error });
}
