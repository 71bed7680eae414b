import type { ToolSet } from 'ai';
import { isConnectionError } from '@/lib/db/client';
import { AppError } from '@/lib/errors';
import { logger } from '@/lib/logger';
import type { CallLimit } from '@/lib/tools/call-limit';
import { lenient, mistakeIn } from '@/lib/tools/mistakes';

/**
 * The tools, none of which throws or refuses: what goes wrong in one or in its call becomes its
 * result, `{ error }`, so that the model can say so or try again. In the SDK it would end the run.
 * @param mayAct they wait for it
 */
export function tellModel(tools: ToolSet, mayAct: Promise<unknown>, limit: CallLimit): ToolSet {
  // Without a prototype: a model may name a tool anything, "constructor" too.
  const told: ToolSet = Object.create(null);
  for (const [name, tool] of Object.entries(tools)) {
    const parameters = lenient(name, tool.parameters);
    told[name] = { ...tool, parameters, execute: guard(name, tool, mayAct, limit) };
  }
  return told;
}

function guard(
  name: string,
  { execute }: ToolSet[string],
  mayAct: Promise<unknown>,
  limit: CallLimit,
): ToolSet[string]['execute'] {
  if (!execute) return undefined;
  return async (args, options) => {
    const refusal = limit();
    if (refusal) return refusal;
    const mistake = mistakeIn(args);
    if (mistake !== undefined) return { error: mistake };
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
