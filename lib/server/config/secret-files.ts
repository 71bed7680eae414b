import { readFileSync } from 'node:fs';
import type { ConfigProblem } from '@/lib/server/config/config-error';
import { type Environment, readVariable } from '@/lib/server/config/read-variable';
import { VARIABLES, type VariableName } from '@/lib/server/config/variables';

/**
 * Every secret may be kept in a file, so that it appears in no environment: `<NAME>_FILE` names the
 * file, whose content counts as the value of `<NAME>`.
 */
export const SECRET_VARIABLES = (Object.keys(VARIABLES) as VariableName[]).filter(
  (name) => (VARIABLES[name] as { secret?: true }).secret,
);

const secretFilePath = (env: Environment, name: VariableName): string | null =>
  env[`${name}_FILE`]?.trim() || null;

/** Whether a secret is given, as itself or by a file. */
export function isSecretGiven(env: Environment, name: VariableName): boolean {
  return readVariable(env, name) !== null || secretFilePath(env, name) !== null;
}

/**
 * The environment with the secrets that its files hold.
 * @param addProblem called for a file that cannot be used, and for a secret that is given twice
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

/** The text of a file without the white space around it; null where there is none. */
export function readSecretFile(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim() || null;
  } catch {
    return null;
  }
}

/** What is wrong, with the file's path. What looks like no path may be the secret itself. */
export function unusableFileMessage(file: string): string {
  const suffix = /^\.{0,2}\//.test(file) ? `: ${file}` : '';
  return `names a file that is empty or cannot be read${suffix}`;
}
