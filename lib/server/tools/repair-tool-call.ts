/**
 * Handles invalid tool calls: an unknown tool, or arguments that do not match the schema. In the
 * SDK they would end the run. Here each call results in `{ error }` with a message that lets the
 * model correct it and retry. The call is stored and displayed as the model made it.
 */
import {
  jsonSchema,
  NoSuchToolError,
  type ToolCallRepairFunction,
  type ToolSet,
  tool,
  zodSchema,
} from 'ai';
import { ZodError } from 'zod';
import type { CallLimit } from '@/lib/server/tools/call-limit';

/** Errors of invalid arguments that passed validation, keyed by the arguments object. */
const argumentErrors = new WeakMap<object, string>();

/** Returns the error of a call's arguments; undefined if they are valid. */
export function argumentErrorOf(args: object): string | undefined {
  return argumentErrors.get(args);
}

type Parameters = ToolSet[string]['parameters'];

/** Key under which unparsable arguments are stored as text. */
const UNPARSED_KEY = 'unreadable';
const NOT_AN_OBJECT = 'they are no JSON object.';

/**
 * Returns the same schema for the model, but lets invalid arguments pass and records their error.
 */
export function tolerantSchema(name: string, parameters: Parameters): Parameters {
  const schema = 'jsonSchema' in parameters ? parameters : zodSchema(parameters);
  return jsonSchema(schema.jsonSchema, {
    validate(value) {
      // repairToolCall wraps it in an object, which is validated again.
      if (!isObject(value)) return { success: false, error: new Error(NOT_AN_OBJECT) };
      const checked = schema.validate?.(value) ?? { success: true, value };
      if (checked.success && !(UNPARSED_KEY in value)) return checked;
      const reason =
        checked.success || UNPARSED_KEY in value ? NOT_AN_OBJECT : describeIssues(checked.error);
      argumentErrors.set(
        value,
        `The arguments for “${name}” do not fit: ${reason} Correct them and call it again.`,
      );
      return { success: true, value };
    },
  });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function describeIssues(error: Error): string {
  if (!(error instanceof ZodError)) return 'they are not what it takes.';
  const issues = error.issues.slice(0, 5);
  return issues.map(({ path, message }) => `${path.join('.') || 'all'}: ${message}.`).join(' ');
}

/**
 * Repairs calls that the SDK cannot execute; an option of `streamText`. Arguments that are not a
 * JSON object are wrapped in one, since a call needs an object to be stored and sent again. For an
 * unknown tool name, a tool that returns an error is added.
 * @param activeTools names of the tools offered to the model
 */
export function repairToolCall(
  activeTools: readonly string[],
  limit: CallLimit,
): ToolCallRepairFunction<ToolSet> {
  return async ({ toolCall, tools, error }) => {
    const { toolName, args } = toolCall;
    if (!(toolName in tools)) {
      // Not enumerable, so that these are not offered to the model.
      Object.defineProperty(tools, toolName, { value: unknownTool(toolName, activeTools, limit) });
    }
    if (NoSuchToolError.isInstance(error) && isJsonObject(args)) return toolCall;
    return { ...toolCall, args: JSON.stringify({ [UNPARSED_KEY]: args }) };
  };
}

function unknownTool(name: string, activeTools: readonly string[], limit: CallLimit) {
  const others =
    activeTools.length > 0 ? `The tools are ${activeTools.join(', ')}.` : 'Answer without tools.';
  const error = `There is no tool “${name}”. ${others}`;
  return tool({ parameters: jsonSchema({}), execute: async () => limit() ?? { error } });
}

/**
 * Whether the SDK's parser accepts it as an object: it rejects keys that could change a prototype.
 */
function isJsonObject(args: string): boolean {
  try {
    return isObject(JSON.parse(args)) && !/__proto__|prototype/.test(args);
  } catch {
    return false;
  }
}
