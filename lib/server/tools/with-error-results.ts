import type { ToolSet } from 'ai';
import { AppError } from '@/lib/protocol/errors';
import { isConnectionError } from '@/lib/server/db/client';
import { logger } from '@/lib/server/log/logger';
import type { CallLimit } from '@/lib/server/tools/call-limit';
import { argumentErrorOf, tolerantSchema } from '@/lib/server/tools/repair-tool-call';

/**
 * The tools, none of which throws or refuses: what goes wrong in one or in its call becomes its
 * result, `{ error }`, so that the model can say so or try again. In the SDK it would end the run.
 * @param ready they wait for it
 */
export function withErrorResults(
  tools: ToolSet,
  ready: Promise<unknown>,
  limit: CallLimit,
): ToolSet {
  // Without a prototype: a model may name a tool anything, "constructor" too.
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
      // A stopped run ends its tools too: there is no model left to tell.
      if (options.abortSignal?.aborted) throw error;
      logger.warn({ err: error, tool: name }, 'A tool failed');
      const code = isConnectionError(error) ? 'database_unavailable' : 'internal';
      const { message } = error instanceof AppError ? error : new AppError(code);
      return { error: message };
    }
  };
}
