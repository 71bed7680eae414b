import { VARIABLES, type VariableName } from '@/lib/server/config/variables';

/** Names and texts of an environment, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

const WHOLE_PLACEHOLDER = /^\$?\{[^{}]*\}$/;
const PLACEHOLDER_WITHIN = /\$\{[^{}]*\}|\{[a-z_]\w*\}/i;

/**
 * What a variable was set to; null where that is nothing: absent, blank, or a placeholder that
 * whoever started us has left unresolved (`{model_port}`, `${NAME}`).
 */
export function readVariable(env: Environment, name: VariableName): string | null {
  const value = rawValue(env, name)?.trim();
  if (!value || WHOLE_PLACEHOLDER.test(value)) return null;
  const { secret } = VARIABLES[name] as { secret?: true };
  return !secret && PLACEHOLDER_WITHIN.test(value) ? null : value;
}

/** Proxies are set in small letters too, which win as they do in curl. */
function rawValue(env: Environment, name: VariableName): string | undefined {
  return (/_PROXY$/.test(name) && env[name.toLowerCase()]) || env[name];
}
