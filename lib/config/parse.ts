import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { readCertificates } from '@/lib/config/certificates';
import { ConfigError, type ConfigProblem } from '@/lib/config/error';
import { plainUrl, readModels } from '@/lib/config/models';
import type { Config } from '@/lib/config/types';
import { VARIABLES, type Values, type VariableName } from '@/lib/config/variables';

/** Names and texts of an environment, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

const CERTIFICATE_FILES = ['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'] as const;

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

/**
 * The configuration an environment asks for. Reads the files that it names: of the database's
 * password and of certificates.
 * @throws ConfigError that lists every problem, not just the first
 */
export function parseConfig(env: Environment): Config {
  const problems: ConfigProblem[] = [];
  const refuse = (variable: VariableName, problem: string) =>
    problems.push({ variable, problem, example: VARIABLES[variable].example });

  const values: Record<string, unknown> = {};
  for (const name of Object.keys(VARIABLES) as VariableName[]) {
    const value = readVariable(env, name);
    if (value === null) continue;
    const result = VARIABLES[name].schema.safeParse(value);
    if (result.success) values[name] = result.data;
    else refuse(name, result.error.issues[0]?.message ?? 'is not valid');
  }
  const v = values as Values;

  const databaseUrl = v.POSTGRES_URL && withPassword(v.POSTGRES_URL, v, refuse);
  if (readVariable(env, 'POSTGRES_URL') === null) {
    refuse('POSTGRES_URL', 'is not set (only `npm start` and `npm run dev` bring a database)');
  }
  const certificates = CERTIFICATE_FILES.flatMap((name) => {
    const file = v[name];
    const pem = file && readCertificates(file);
    if (file && !pem) refuse(name, `names a file that holds no certificate in PEM: ${file}`);
    return pem ? [pem] : [];
  });
  if (problems.length > 0 || !databaseUrl) throw new ConfigError(problems);

  const port = v.PORT ?? 3000;
  return {
    database: {
      url: databaseUrl,
      poolSize: v.POSTGRES_POOL_SIZE ?? 10,
      embedded: env.THROUGHLINE_EMBEDDED === '1',
    },
    redisUrl: v.REDIS_URL ?? null,
    models: readModels(v),
    tools: {
      weatherUrl: weatherService(v.WEATHER_URL ?? 'https://api.open-meteo.com'),
      weatherGeocodingUrl: weatherService(
        v.WEATHER_GEOCODING_URL ?? 'https://geocoding-api.open-meteo.com',
      ),
    },
    outgoing: {
      httpProxy: v.HTTP_PROXY ?? null,
      httpsProxy: v.HTTPS_PROXY ?? null,
      noProxy: v.NO_PROXY ?? '',
      extraCertificates: certificates,
    },
    auth: {
      secret: v.AUTH_SECRET ?? null,
      publicUrl: v.PUBLIC_URL ? origin(v.PUBLIC_URL) : null,
    },
    limits: {
      trustedProxies: v.TRUSTED_PROXIES ?? null,
      guestsPerAddress: v.MAX_GUESTS_PER_ADDRESS ?? 60,
      runsPerAddress: v.MAX_RUNS_PER_ADDRESS ?? 100,
      runsPerProcess: v.MAX_RUNS_PER_PROCESS ?? 1_000,
    },
    listen: { host: chosenHost(v.HOSTNAME), port },
    maxRunsPerPerson: v.MAX_RUNS_PER_PERSON ?? 20,
    shutdownGraceMs: v.SHUTDOWN_GRACE_MS ?? 20_000,
    instance: v.INSTANCE_ID ?? `${hostname()}:${port}`,
    logLevel: v.LOG_LEVEL ?? 'info',
  };
}

/** Without the path of a request, which whoever copied an address may have left in. */
function weatherService(url: string): string {
  return plainUrl(url).replace(/\/v1(\/(forecast|search))?$/, '');
}

function origin(url: string): string {
  return url.replace(/\/+$/, '');
}

/** The URL with the password of POSTGRES_PASSWORD_FILE, so that it appears in no environment. */
function withPassword(
  url: string,
  v: Values,
  refuse: (variable: VariableName, problem: string) => void,
): string {
  const file = v.POSTGRES_PASSWORD_FILE;
  if (!file) return url;
  const password = readPassword(file);
  if (!password) {
    refuse('POSTGRES_PASSWORD_FILE', `names a file that is empty or cannot be read: ${file}`);
    return url;
  }
  const full = new URL(url);
  full.password = encodeURIComponent(password);
  return full.href;
}

function readPassword(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim() || null;
  } catch {
    return null;
  }
}

/** Many shells and every container export HOSTNAME as the machine's own name: nobody's choice. */
function chosenHost(value: string | undefined): string | null {
  return !value || value === hostname() ? null : value;
}
