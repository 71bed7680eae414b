import { VARIABLES, type VariableName } from '@/lib/server/config/variables';

/** Environment variables, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

const WHOLE_PLACEHOLDER = /^\$?\{[^{}]*\}$/;
const PLACEHOLDER_WITHIN = /\$\{[^{}]*\}|\{[a-z_]\w*\}/i;

/**
 * Returns the value of a variable, or null if it is absent, blank or an unresolved placeholder
 * (`{model_port}`, `${NAME}`).
 */
export function readVariable(env: Environment, name: VariableName): string | null {
  const value = rawValue(env, name)?.trim();
  if (!value || WHOLE_PLACEHOLDER.test(value)) return null;
  const { secret } = VARIABLES[name] as { secret?: true };
  return !secret && PLACEHOLDER_WITHIN.test(value) ? null : value;
}

/** Proxy variables may be lower case; as in curl, that form takes precedence. */
function rawValue(env: Environment, name: VariableName): string | undefined {
  return (/_PROXY$/.test(name) && env[name.toLowerCase()]) || env[name];
}
