import { z } from 'zod';
import {
  hasUnencodedCharacters,
  serviceUrl,
  UNENCODED_MESSAGE,
} from '@/lib/server/config/service-url';

/**
 * Every environment variable of the app: its schema and an example value. `.env.example` documents
 * the same names; a test compares the two.
 */

type Variable<T> = {
  example: string;
  /** A secret may contain braces, so it counts as unset only if it is nothing but a placeholder. */
  secret?: true;
  schema: z.ZodType<T, z.ZodTypeDef, string>;
};

const define = <T>(variable: Variable<T>): Variable<T> => variable;

const text = z.string();

const url = (...protocols: string[]) =>
  z.string().superRefine((value, context) => {
    const protocol = URL.canParse(value) ? new URL(value).protocol.slice(0, -1) : null;
    if (protocol && protocols.includes(protocol)) return;
    const forms = protocols.map((p) => `${p}://`).join(' or ');
    context.addIssue({ code: 'custom', message: `must be a URL that starts with ${forms}` });
  });

const integer = (min: number, max: number) =>
  z
    .string()
    .refine((value) => /^\d+$/.test(value) && Number(value) >= min && Number(value) <= max, {
      message: `must be a whole number from ${min} to ${max}`,
    })
    .transform(Number);

const milliseconds = (example: string) =>
  define({ example, schema: integer(100, 24 * 60 * 60 * 1000) });

const flag = z
  .string()
  .toLowerCase()
  .refine((value) => ['true', 'false', '1', '0', 'yes', 'no', 'on', 'off'].includes(value), {
    message: 'must be true or false',
  })
  .transform((value) => ['true', '1', 'yes', 'on'].includes(value));

const port = integer(1, 65_535);

/** A URL to which paths are appended. Parts that would be lost or misread are rejected. */
const baseUrl = url('http', 'https').superRefine((value, context) => {
  const problem = URL.canParse(value) ? baseUrlProblem(new URL(value)) : null;
  if (problem) context.addIssue({ code: 'custom', message: problem });
});

function baseUrlProblem({ username, password, search, hash, pathname }: URL): string | null {
  // A slash in the password moves the rest of it into the path.
  if (username || password || pathname.includes('@')) {
    return 'must not contain a user name or a password: set the key in its own variable';
  }
  if (search) return 'must not contain a query (the part after “?”), because it is not sent';
  if (hash) return 'must not contain a “#”, because a fragment is not sent';
  return /[\s,;]|%20|:\/\//.test(pathname) ? 'must be one address, without spaces or commas' : null;
}

const modelUrl = (example: string) => define({ example, schema: baseUrl });

/** A platform's URL: of its API, or just its origin. */
const platformUrl = (example: string) =>
  define({
    example,
    schema: baseUrl.refine((value) => !URL.canParse(value) || isPlatformPath(new URL(value)), {
      message: 'must be the address of the platform or of its API, which ends in /api',
    }),
  });

function isPlatformPath({ pathname }: URL): boolean {
  return /^\/*$|\/api(\/|$)/.test(pathname);
}

/** A proxy URL, with or without `http://`; may contain credentials. */
const proxyUrl = text
  .transform((value) => (value.includes('://') ? value : `http://${value}`))
  .refine((value) => !hasUnencodedCharacters(value), { message: UNENCODED_MESSAGE })
  .refine((value) => /^https?:\/\/./i.test(value) && URL.canParse(value), {
    message: 'must be a proxy that starts with http:// or https:// (SOCKS is not supported)',
  });

const POSTGRES_URL = {
  example: 'postgres://throughline:secret@localhost:5432/throughline',
  secret: true,
  schema: serviceUrl('postgres', 'postgresql'),
} as const;

export const VARIABLES = {
  POSTGRES_URL: define(POSTGRES_URL),
  POSTGRES_DIRECT_URL: define(POSTGRES_URL),
  POSTGRES_PASSWORD_FILE: define({ example: '/run/secrets/postgres-password', schema: text }),
  POSTGRES_POOL_SIZE: define({ example: '10', schema: integer(2, 500) }),
  REDIS_URL: define({
    example: 'redis://localhost:6379',
    secret: true,
    schema: serviceUrl('redis', 'rediss').refine(
      (value) => !URL.canParse(value) || /^\/?\d*$/.test(new URL(value).pathname),
      { message: 'may have only a database number as its path' },
    ),
  }),
  OPENAI_BASE_URL: modelUrl('http://localhost:8000/v1'),
  OPENAI_API_KEY: define({ example: 'sk-...', secret: true, schema: text }),
  KAMIWAZA_API_URL: platformUrl('https://kamiwaza.example.com/api'),
  KAMIWAZA_PUBLIC_API_URL: platformUrl('https://kamiwaza.example.com/api'),
  KAMIWAZA_ORIGIN: platformUrl('https://kamiwaza.example.com'),
  KAMIWAZA_API_KEY: define({ example: 'a-personal-access-token', secret: true, schema: text }),
  KAMIWAZA_ENDPOINT: modelUrl('http://localhost:61100/v1'),
  KAMIWAZA_MODEL_URL: modelUrl('http://localhost:61100/v1'),
  KAMIWAZA_MODEL_PORT: define({ example: '61100', schema: port }),
  KAMIWAZA_HOST: define({
    example: 'localhost',
    schema: text.regex(/^[\w.:[\]-]+$/, 'must be a host name or an address, without http://'),
  }),
  KAMIWAZA_VERIFY_SSL: define({ example: 'false', schema: flag }),
  DEFAULT_MODEL: define({ example: 'llama-3.1-8b-instruct', schema: text }),
  MODEL_CONNECT_TIMEOUT_MS: milliseconds('10000'),
  MODEL_FIRST_TOKEN_TIMEOUT_MS: milliseconds('180000'),
  MODEL_IDLE_TIMEOUT_MS: milliseconds('90000'),
  MODEL_TOTAL_TIMEOUT_MS: milliseconds('1800000'),
  WEATHER_URL: modelUrl('https://api.open-meteo.com'),
  WEATHER_GEOCODING_URL: modelUrl('https://geocoding-api.open-meteo.com'),
  HTTP_PROXY: define({ example: 'http://proxy.example.com:3128', secret: true, schema: proxyUrl }),
  HTTPS_PROXY: define({ example: 'http://proxy.example.com:3128', secret: true, schema: proxyUrl }),
  NO_PROXY: define({ example: '.example.com,10.0.0.0/8', schema: text }),
  SSL_CERT_FILE: define({ example: '/etc/ssl/certs/ca-certificates.crt', schema: text }),
  NODE_EXTRA_CA_CERTS: define({ example: '/etc/ssl/company-ca.pem', schema: text }),
  MAX_RUNS_PER_PERSON: define({ example: '20', schema: integer(1, 100_000) }),
  MAX_RUNS_PER_ADDRESS: define({ example: '100', schema: integer(1, 100_000) }),
  MAX_RUNS_PER_PROCESS: define({ example: '1000', schema: integer(1, 100_000) }),
  MAX_GUESTS_PER_ADDRESS: define({ example: '60', schema: integer(1, 1_000_000) }),
  TRUSTED_PROXIES: define({ example: '1', schema: integer(0, 10) }),
  SHUTDOWN_GRACE_MS: milliseconds('20000'),
  // Without _MS: Next.js reads this name itself.
  KEEP_ALIVE_TIMEOUT: define({ example: '75000', schema: integer(1_000, 60 * 60 * 1000) }),
  AUTH_SECRET: define({
    example: 'the output of: openssl rand -hex 32',
    secret: true,
    schema: text.min(32, 'is too short: at least 32 characters are needed'),
  }),
  PUBLIC_URL: define({ example: 'https://chat.example.com', schema: url('http', 'https') }),
  PORT: define({ example: '3000', schema: port }),
  HOSTNAME: define({ example: '0.0.0.0', schema: text }),
  INSTANCE_ID: define({
    example: 'chat-1',
    schema: text.max(100, 'is too long: at most 100 characters'),
  }),
  LOG_LEVEL: define({
    example: 'info',
    schema: z.enum(['debug', 'info', 'warn', 'error'], {
      errorMap: () => ({ message: 'must be debug, info, warn or error' }),
    }),
  }),
} satisfies Record<string, Variable<unknown>>;

export type VariableName = keyof typeof VARIABLES;

type ValueOf<V> = V extends Variable<infer T> ? T : never;

/** The validated values; unset variables are absent. */
export type Values = { [N in VariableName]?: ValueOf<(typeof VARIABLES)[N]> };
