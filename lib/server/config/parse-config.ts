import { hostname } from 'node:os';
import { readCertificates } from '@/lib/server/config/certificates';
import { ConfigError, type ConfigProblem } from '@/lib/server/config/config-error';
import { normalizeUrl, parseModels } from '@/lib/server/config/parse-models';
import { type Environment, readVariable } from '@/lib/server/config/read-variable';
import {
  isSecretGiven,
  readSecretFile,
  readSecretFiles,
  unusableFileMessage,
} from '@/lib/server/config/secret-files';
import type { Config } from '@/lib/server/config/types';
import { VARIABLES, type Values, type VariableName } from '@/lib/server/config/variables';

const CERTIFICATE_FILES = ['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'] as const;

/**
 * Parses an environment into the configuration. Reads the secret and certificate files it names.
 * @throws ConfigError that lists all problems
 */
export function parseConfig(rawEnvironment: Environment): Config {
  const problems: ConfigProblem[] = [];
  const env = readSecretFiles(rawEnvironment, (problem) => problems.push(problem));
  const addProblem = (variable: VariableName, problem: string) =>
    problems.push({ variable, problem, example: VARIABLES[variable].example });

  const values: Record<string, unknown> = {};
  for (const name of Object.keys(VARIABLES) as VariableName[]) {
    const value = readVariable(env, name);
    if (value === null) continue;
    const result = VARIABLES[name].schema.safeParse(value);
    if (result.success) values[name] = result.data;
    else addProblem(name, result.error.issues[0]?.message ?? 'is not valid');
  }
  const v = values as Values;

  const embedded = env.THROUGHLINE_EMBEDDED === '1';
  const password = readPassword(v.POSTGRES_PASSWORD_FILE, addProblem);
  const databaseUrl = v.POSTGRES_URL && withPassword(v.POSTGRES_URL, password);
  if (!isSecretGiven(rawEnvironment, 'POSTGRES_URL')) {
    addProblem('POSTGRES_URL', 'is not set (only `npm start` and `npm run dev` start a database)');
  }
  if (v.POSTGRES_DIRECT_URL && embedded) {
    addProblem('POSTGRES_DIRECT_URL', 'is set, but POSTGRES_URL is not: set both, or neither');
  }
  const certificates = CERTIFICATE_FILES.flatMap((name) => {
    const file = v[name];
    const pem = file && readCertificates(file);
    if (file && !pem) addProblem(name, `names a file without a PEM certificate: ${file}`);
    return pem ? [pem] : [];
  });
  if (problems.length > 0 || !databaseUrl) throw new ConfigError(problems);

  const port = v.PORT ?? 3000;
  return {
    database: {
      url: databaseUrl,
      sessionUrl: v.POSTGRES_DIRECT_URL
        ? withPassword(v.POSTGRES_DIRECT_URL, password)
        : databaseUrl,
      pooled: v.POSTGRES_DIRECT_URL !== undefined,
      poolSize: v.POSTGRES_POOL_SIZE ?? 10,
      embedded,
    },
    redisUrl: v.REDIS_URL ?? null,
    models: parseModels(v),
    tools: {
      weatherUrl: weatherBaseUrl(v.WEATHER_URL ?? 'https://api.open-meteo.com'),
      weatherGeocodingUrl: weatherBaseUrl(
        v.WEATHER_GEOCODING_URL ?? 'https://geocoding-api.open-meteo.com',
      ),
    },
    outbound: {
      httpProxy: v.HTTP_PROXY ?? null,
      httpsProxy: v.HTTPS_PROXY ?? null,
      noProxy: v.NO_PROXY ?? '',
      extraCertificates: certificates,
    },
    auth: {
      secret: v.AUTH_SECRET ?? null,
      publicUrl: v.PUBLIC_URL ? stripTrailingSlashes(v.PUBLIC_URL) : null,
    },
    limits: {
      trustedProxies: v.TRUSTED_PROXIES ?? null,
      guestsPerAddress: v.MAX_GUESTS_PER_ADDRESS ?? 60,
      runsPerAddress: v.MAX_RUNS_PER_ADDRESS ?? 100,
      runsPerProcess: v.MAX_RUNS_PER_PROCESS ?? 1_000,
    },
    listen: { host: explicitHost(v.HOSTNAME), port },
    maxRunsPerUser: v.MAX_RUNS_PER_PERSON ?? 20,
    shutdownGraceMs: v.SHUTDOWN_GRACE_MS ?? 20_000,
    keepAliveTimeoutMs: v.KEEP_ALIVE_TIMEOUT ?? 75_000,
    instance: v.INSTANCE_ID ?? `${hostname()}:${port}`,
    logLevel: v.LOG_LEVEL ?? 'info',
  };
}

/** Strips an API path that may have been copied with the URL. */
function weatherBaseUrl(url: string): string {
  return normalizeUrl(url).replace(/\/v1(\/(forecast|search))?$/, '');
}

function stripTrailingSlashes(url: string): string {
  return url.replace(/\/+$/, '');
}

/** Reads the password of POSTGRES_PASSWORD_FILE; null if it is not set or cannot be used. */
function readPassword(
  file: string | undefined,
  addProblem: (variable: VariableName, problem: string) => void,
): string | null {
  if (!file) return null;
  const password = readSecretFile(file);
  if (password === null) addProblem('POSTGRES_PASSWORD_FILE', unusableFileMessage(file));
  return password;
}

/** Returns the URL with its password replaced. */
function withPassword(url: string, password: string | null): string {
  if (password === null) return url;
  const full = new URL(url);
  full.password = encodeURIComponent(password);
  return full.href;
}

/** Many shells and every container set HOSTNAME to the machine's name; that value is ignored. */
function explicitHost(value: string | undefined): string | null {
  return !value || value === hostname() ? null : value;
}
