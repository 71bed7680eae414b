import type { ToolSet } from 'ai';
import { AppError } from '@/lib/protocol/errors';
import { isConnectionError } from '@/lib/server/db/client';
import { logger } from '@/lib/server/log/logger';
import type { CallLimit } from '@/lib/server/tools/call-limit';
import { argumentErrorOf, tolerantSchema } from '@/lib/server/tools/repair-tool-call';

/**
 * Wraps tools so that none throws or rejects arguments. An error becomes the call's result, so that
 * the model can report it or retry; in the SDK it would end the run.
 * @param ready awaited before each execution
 */
export function withErrorResults(
  tools: ToolSet,
  ready: Promise<unknown>,
  limit: CallLimit,
): ToolSet {
  // No prototype: a model may call any tool name, such as "constructor".
  const wrapped: ToolSet = Object.create(null);
  for (const [name, tool] of Object.entries(tools)) {
    const parameters = tolerantSchema(name, tool.parameters);
    wrapped[name] = { ...tool, parameters, execute: wrapExecute(name, tool, ready, limit) };
  }
  return wrapped;
}

function wrapExecute(
  name: string,
  { execute }: ToolSet[string],
  ready: Promise<unknown>,
  limit: CallLimit,
): ToolSet[string]['execute'] {
  if (!execute) return undefined;
  return async (args, options) => {
    const limitError = limit();
    if (limitError) return limitError;
    const argumentError = argumentErrorOf(args);
    if (argumentError !== undefined) return { error: argumentError };
    try {
      await ready;
      options.abortSignal?.throwIfAborted();
      return await execute(args, options);
    } catch (error) {
      // A stopped run ends its tools too; no model reads the result.
      if (options.abortSignal?.aborted) throw error;
      logger.warn({ err: error, tool: name }, 'A tool call failed');
      const code = isConnectionError(error) ? 'database_unavailable' : 'internal';
      const { message } = error instanceof AppError ? error : new AppError(code);
      return { error: message };
    }
  };
}
