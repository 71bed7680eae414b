/**
 * Calls that a model makes wrong: of a tool that there is not, or with arguments that do not fit. The
 * SDK would end the answer there; instead the call becomes one of this tool, whose result says what
 * was wrong, and the model may try again.
 */
import {
  InvalidToolArgumentsError,
  type ToolCallRepairFunction,
  type ToolSet,
  TypeValidationError,
  tool,
  zodSchema,
} from 'ai';
import { ZodError, z } from 'zod';

export const invalidCall = tool({
  description: 'Stands in for a call that could not be made. Not to be called.',
  parameters: zodSchema(z.object({ tool: z.string(), problem: z.string() })),
  execute: async ({ problem }) => ({ error: problem }),
});

/** @param active the tools that the model was offered */
export function refuseInvalidCalls(active: readonly string[]): ToolCallRepairFunction<ToolSet> {
  return async ({ toolCall, error }) => {
    const problem = InvalidToolArgumentsError.isInstance(error)
      ? `The arguments for “${toolCall.toolName}” do not fit: ${misfit(error.cause)} Correct them and call it again.`
      : `There is no tool “${toolCall.toolName}”. ${offered(active)}`;
    const args = JSON.stringify({ tool: toolCall.toolName, problem });
    return { ...toolCall, toolName: 'invalidCall', args };
  };
}

function offered(active: readonly string[]): string {
  return active.length > 0 ? `The tools are ${active.join(', ')}.` : 'Answer without tools.';
}

function misfit(cause: unknown): string {
  const schemaError = TypeValidationError.isInstance(cause) ? cause.cause : undefined;
  if (!(schemaError instanceof ZodError)) return 'they are no JSON object.';
  const issues = schemaError.issues.slice(0, 5);
  return issues.map(({ path, message }) => `${path.join('.') || 'all'}: ${message}.`).join(' ');
}
