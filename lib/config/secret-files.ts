import { readFileSync } from 'node:fs';
import type { ConfigProblem } from '@/lib/config/error';
import { type Environment, readVariable } from '@/lib/config/read-variable';
import { VARIABLES, type VariableName } from '@/lib/config/variables';

/**
 * Every secret may be kept in a file, so that it appears in no environment: `<NAME>_FILE` names the
 * file, whose content counts as the value of `<NAME>`.
 */
export const SECRET_VARIABLES = (Object.keys(VARIABLES) as VariableName[]).filter(
  (name) => (VARIABLES[name] as { secret?: true }).secret,
);

const fileOf = (env: Environment, name: VariableName): string | null =>
  env[`${name}_FILE`]?.trim() || null;

/** Whether a secret is given, as itself or by a file. */
export function isSecretGiven(env: Environment, name: VariableName): boolean {
  return readVariable(env, name) !== null || fileOf(env, name) !== null;
}

/**
 * The environment with the secrets that its files hold.
 * @param refuse called for a file that cannot be used, and for a secret that is given twice
 */
export function readSecretFiles(
  env: Environment,
  refuse: (problem: ConfigProblem) => void,
): Environment {
  const read: Record<string, string> = {};
  for (const name of SECRET_VARIABLES) {
    const file = fileOf(env, name);
    if (!file) continue;
    const variable = `${name}_FILE`;
    const example = `/run/secrets/${name.toLowerCase().replaceAll('_', '-')}`;
    if (readVariable(env, name) !== null) {
      refuse({ variable, problem: `and ${name} are both set: remove one of them`, example });
      continue;
    }
    const secret = readSecret(file);
    if (secret === null) refuse({ variable, problem: unusableFile(file), example });
    else read[name] = secret;
  }
  return { ...env, ...read };
}

/** The text of a file without the white space around it; null where there is none. */
export function readSecret(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim() || null;
  } catch {
    return null;
  }
}

/** What is wrong, with the file's path. What looks like no path may be the secret itself. */
export function unusableFile(file: string): string {
  const shown = /^\.{0,2}\//.test(file) ? `: ${file}` : '';
  return `names a file that is empty or cannot be read${shown}`;
}
