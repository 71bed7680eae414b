import { readFileSync } from 'node:fs';
import type { ConfigProblem } from '@/lib/server/config/config-error';
import { type Environment, readVariable } from '@/lib/server/config/read-variable';
import { VARIABLES, type VariableName } from '@/lib/server/config/variables';

/**
 * Every secret can be read from a file, so that it appears in no environment: `<NAME>_FILE` names a
 * file whose content is the value of `<NAME>`.
 */
export const SECRET_VARIABLES = (Object.keys(VARIABLES) as VariableName[]).filter(
  (name) => (VARIABLES[name] as { secret?: true }).secret,
);

const secretFilePath = (env: Environment, name: VariableName): string | null =>
  env[`${name}_FILE`]?.trim() || null;

/** Whether a secret is set, directly or with a file. */
export function isSecretGiven(env: Environment, name: VariableName): boolean {
  return readVariable(env, name) !== null || secretFilePath(env, name) !== null;
}

/**
 * Returns the environment with the secrets from its files added.
 * @param addProblem called for a file that cannot be used, and for a secret that is set twice
 */
export function readSecretFiles(
  env: Environment,
  addProblem: (problem: ConfigProblem) => void,
): Environment {
  const fileSecrets: Record<string, string> = {};
  for (const name of SECRET_VARIABLES) {
    const file = secretFilePath(env, name);
    if (!file) continue;
    const variable = `${name}_FILE`;
    const example = `/run/secrets/${name.toLowerCase().replaceAll('_', '-')}`;
    if (readVariable(env, name) !== null) {
      addProblem({ variable, problem: `and ${name} are both set: remove one of them`, example });
      continue;
    }
    const secret = readSecretFile(file);
    if (secret === null) addProblem({ variable, problem: unusableFileMessage(file), example });
    else fileSecrets[name] = secret;
  }
  return { ...env, ...fileSecrets };
}

/** Returns the trimmed content of a file; null if it is empty or cannot be read. */
export function readSecretFile(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim() || null;
  } catch {
    return null;
  }
}

/**
 * Returns the problem with the file's path. A value that does not look like a path is omitted,
 * because it may be the secret itself.
 */
export function unusableFileMessage(file: string): string {
  const suffix = /^\.{0,2}\//.test(file) ? `: ${file}` : '';
  return `names a file that is empty or cannot be read${suffix}`;
}
