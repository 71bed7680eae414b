import type { ToolSet } from 'ai';
import { isConnectionError } from '@/lib/db/client';
import { AppError } from '@/lib/errors';
import { logger } from '@/lib/logger';

/**
 * The tools, none of which throws: what goes wrong in one becomes its result, `{ error }`, so that
 * the model can say so or try again. In the SDK a tool that throws would end the run.
 * @param mayAct they wait for it
 */
export function tellModel(tools: ToolSet, mayAct: Promise<unknown>): ToolSet {
  return Object.fromEntries(
    Object.entries(tools).map(([name, tool]) => [
      name,
      { ...tool, execute: guard(name, tool, mayAct) },
    ]),
  );
}

function guard(
  name: string,
  { execute }: ToolSet[string],
  mayAct: Promise<unknown>,
): ToolSet[string]['execute'] {
  if (!execute) return undefined;
  return async (args, options) => {
    try {
      await mayAct;
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
