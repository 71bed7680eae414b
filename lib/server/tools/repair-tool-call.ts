/**
 * Calls that a model makes wrong: of a tool that is not there, or with arguments that do not fit. In
 * the SDK they would end the run. Here each is answered with `{ error }`, in words that the model can
 * act on, and it may try again; what is kept and shown is the call as the model made it.
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

/** What is wrong with arguments that were let pass, by the arguments themselves. */
const argumentErrors = new WeakMap<object, string>();

/** What is wrong with these arguments of a call; undefined where they fit. */
export function argumentErrorOf(args: object): string | undefined {
  return argumentErrors.get(args);
}

type Parameters = ToolSet[string]['parameters'];

/** Stands for arguments that nobody can read, with their text. */
const UNPARSED_KEY = 'unreadable';
const NOT_AN_OBJECT = 'they are no JSON object.';

/** The same parameters to the model; arguments that do not fit them pass, and are remembered as such. */
export function tolerantSchema(name: string, parameters: Parameters): Parameters {
  const schema = 'jsonSchema' in parameters ? parameters : zodSchema(parameters);
  return jsonSchema(schema.jsonSchema, {
    validate(value) {
      // Comes again, put into an object: see answerMistakes.
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
 * What becomes of a call that the SDK cannot make, as an option of `streamText`: arguments that are no
 * JSON object are put into one, since a call must have one to be kept and sent again; and where there
 * is no tool of a name, there is one from then on, which says so.
 * @param activeTools the tools that the model was offered
 */
export function repairToolCall(
  activeTools: readonly string[],
  limit: CallLimit,
): ToolCallRepairFunction<ToolSet> {
  return async ({ toolCall, tools, error }) => {
    const { toolName, args } = toolCall;
    if (!(toolName in tools)) {
      // Not enumerable: the model is offered none of these.
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

/** Whether the SDK's parser takes it for an object: it refuses keys that could change a prototype. */
function isJsonObject(args: string): boolean {
  try {
    return isObject(JSON.parse(args)) && !/__proto__|prototype/.test(args);
  } catch {
    return false;
  }
}
