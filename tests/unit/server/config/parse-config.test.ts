import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError } from '@/lib/server/config/config-error';
import { parseConfig } from '@/lib/server/config/parse-config';
import type { Environment } from '@/lib/server/config/read-variable';
import { SECRET_VARIABLES } from '@/lib/server/config/secret-files';
import { VARIABLES } from '@/lib/server/config/variables';
import { documentedVariables } from '@/scripts/lib/check-compose';
import { makeSelfSigned } from '@/tests/support/self-signed';

const POSTGRES_URL = 'postgres://throughline@localhost/throughline';
const parse = (env: Environment = {}) => parseConfig({ POSTGRES_URL, ...env });

function problemsOf(env: Environment): string {
  try {
    parseConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'no problem';
}

describe('configuration errors', () => {
  test('are reported together, each with its variable, the problem, and an example', () => {
    const message = problemsOf({
      POSTGRES_URL: 'mysql://localhost/chat',
      PORT: '99999',
      AUTH_SECRET: 'short',
      OPENAI_BASE_URL: 'localhost:8000',
      LOG_LEVEL: 'loud',
      KAMIWAZA_VERIFY_SSL: 'perhaps',
    });
    expect(message).toContain('POSTGRES_URL must be a URL that starts with postgres://');
    expect(message).toContain(`POSTGRES_URL=${VARIABLES.POSTGRES_URL.example}`);
    expect(message).toContain('PORT must be a whole number from 1 to 65535');
    expect(message).toContain('AUTH_SECRET is too short');
    expect(message).toContain('OPENAI_BASE_URL must be a URL that starts with http://');
    expect(message).toContain('LOG_LEVEL must be debug, info, warn or error');
    expect(message).toContain('KAMIWAZA_VERIFY_SSL must be true or false');
  });

  test('name the variable of a missing database', () => {
    expect(problemsOf({})).toContain('POSTGRES_URL is not set');
  });

  test('do not contain the values, which may be secrets', () => {
    const message = problemsOf({ POSTGRES_URL: 'hunter2', AUTH_SECRET: 'hunter2' });
    expect(message).not.toContain('hunter2');
  });

  test('are reported for a password in an address, because addresses are displayed', () => {
    const message = problemsOf({ POSTGRES_URL, OPENAI_BASE_URL: 'http://user:key@models/v1' });
    expect(message).toContain('must not contain a user name or a password');
  });

  test('contain examples that are valid values', () => {
    for (const [name, { schema, example }] of Object.entries(VARIABLES)) {
      expect(schema.safeParse(example).success, name).toBe(true);
    }
  });
});

describe('default values', () => {
  test('are the demo model, no Redis, and the usual port', () => {
    const config = parse();
    expect(config.models).toMatchObject({ demo: true, endpoints: [], kamiwaza: null });
    expect(config.redisUrl).toBeNull();
    expect(config.listen).toEqual({ host: null, port: 3000 });
    expect(config.instance).toBe(`${hostname()}:3000`);
  });

  test.each(['', '   ', '{model_port}', '${KAMIWAZA_MODEL_PORT}'])('apply to %j', (value) => {
    expect(parse({ KAMIWAZA_MODEL_PORT: value }).models.demo).toBe(true);
  });

  test('apply to an address with an unresolved placeholder', () => {
    const KAMIWAZA_ENDPOINT = 'http://host.docker.internal:{model_port}/v1';
    expect(parse({ KAMIWAZA_ENDPOINT }).models.endpoints).toEqual([]);
  });

  test('do not apply to a password with braces', () => {
    const url = 'postgres://throughline:a{b}c@localhost/throughline';
    expect(parse({ POSTGRES_URL: url }).database.url).toBe(url);
  });

  test('ignore HOSTNAME, because the shell sets it', () => {
    expect(parse({ HOSTNAME: hostname() }).listen.host).toBeNull();
    expect(parse({ HOSTNAME: '0.0.0.0' }).listen.host).toBe('0.0.0.0');
  });
});

describe('model endpoints', () => {
  test.each([
    ['http://models:8000', 'http://models:8000/v1'],
    ['http://models:8000/', 'http://models:8000/v1'],
    ['http://models:8000/v1', 'http://models:8000/v1'],
    ['http://models:8000/v1/', 'http://models:8000/v1'],
    ['http://models:8000/v1/v1', 'http://models:8000/v1'],
    ['https://kamiwaza/runtime/models/3f', 'https://kamiwaza/runtime/models/3f/v1'],
    ['https://models/v1beta/openai/', 'https://models/v1beta/openai'],
    ['https://models/openai', 'https://models/openai/v1'],
    ['http://models:8000/v1/chat/completions', 'http://models:8000/v1'],
    ['http://models:8000/v1/chat/completions/', 'http://models:8000/v1'],
    ['http://models:8000/v1/completions', 'http://models:8000/v1'],
    ['http://models:8000/v1/models', 'http://models:8000/v1'],
    ['https://models/inference/chat/completions', 'https://models/inference'],
    ['https://models/v1beta/openai/chat/completions', 'https://models/v1beta/openai'],
    ['http://models:8000//v1//', 'http://models:8000/v1'],
    ['http://models:8000/v1?', 'http://models:8000/v1'],
  ])('%s is requested at %s', (address, baseUrl) => {
    const { endpoints } = parse({ OPENAI_BASE_URL: address, OPENAI_API_KEY: 'key' }).models;
    expect(endpoints).toEqual([
      { id: 'openai', name: new URL(baseUrl).host, baseUrl, apiKey: 'key' },
    ]);
  });

  test.each([
    [
      'OPENAI_BASE_URL',
      'https://models/openai/deployments/x?api-version=1',
      'must not contain a query',
    ],
    ['KAMIWAZA_ENDPOINT', 'https://models/v1#models', 'must not contain a “#”'],
    ['KAMIWAZA_MODEL_URL', 'http://a:1/v1,http://b:1/v1', 'must be one address'],
    ['OPENAI_BASE_URL', 'http://a:1/v1 http://b:1/v1', 'must be one address'],
    ['OPENAI_BASE_URL', 'http:user@models/v1', 'must not contain a user name'],
    ['OPENAI_BASE_URL', 'http://user:12/key@models/v1', 'must not contain a user name'],
    ['KAMIWAZA_API_URL', 'http://user:12/key@kamiwaza/api', 'must not contain a user name'],
    ['KAMIWAZA_API_URL', 'https://kamiwaza/api?token=1', 'must not contain a query'],
    ['KAMIWAZA_ORIGIN', 'https://kamiwaza/runtime/apps/1', 'must be the address of the platform'],
    ['KAMIWAZA_PUBLIC_API_URL', 'https://kamiwaza/v1', 'must be the address of the platform'],
    ['WEATHER_URL', 'https://weather/?apikey=1', 'must not contain a query'],
  ])('%s=%s is rejected with an example', (name, value, problem) => {
    const message = problemsOf({ POSTGRES_URL, [name]: value });
    expect(message).toContain(`${name} ${problem}`);
    expect(message).toContain(`For example: ${name}=http`);
  });

  test('the path of a request is removed from the address of the weather service', () => {
    const { tools } = parse({
      WEATHER_URL: 'https://mirror/meteo/v1/forecast',
      WEATHER_GEOCODING_URL: 'https://mirror/v1/search/',
    });
    expect(tools).toEqual({
      weatherUrl: 'https://mirror/meteo',
      weatherGeocodingUrl: 'https://mirror',
    });
  });

  test.each([
    ['https://kamiwaza', 'https://kamiwaza/api'],
    ['https://api', 'https://api/api'],
    ['https://kamiwaza/api/', 'https://kamiwaza/api'],
    ['https://kamiwaza/api/serving/deployments', 'https://kamiwaza/api'],
    ['https://kamiwaza/api/docs', 'https://kamiwaza/api'],
  ])('the platform at %s is requested at %s', (KAMIWAZA_API_URL, apiUrl) => {
    expect(parse({ KAMIWAZA_API_URL }).models.kamiwaza?.apiUrl).toBe(apiUrl);
  });

  test('a port is a model on the Kamiwaza host', () => {
    const env = { KAMIWAZA_MODEL_PORT: '61100', KAMIWAZA_HOST: 'host.docker.internal' };
    const { endpoints, kamiwazaHost, demo } = parse(env).models;
    expect(endpoints[0]?.baseUrl).toBe('http://host.docker.internal:61100/v1');
    expect({ kamiwazaHost, demo }).toEqual({ kamiwazaHost: 'host.docker.internal', demo: false });
  });

  test('the same address under two names is one endpoint', () => {
    const env = { KAMIWAZA_ENDPOINT: 'http://m:1/v1', KAMIWAZA_MODEL_URL: 'http://m:1' };
    expect(parse(env).models.endpoints).toHaveLength(1);
  });

  test('a platform has an API address, with or without /api, and an origin for its models', () => {
    const { kamiwaza } = parse({
      KAMIWAZA_API_URL: 'https://inner:7777',
      KAMIWAZA_PUBLIC_API_URL: 'https://kamiwaza.example.com/api',
      KAMIWAZA_API_KEY: 'token',
    }).models;
    expect(kamiwaza).toEqual({
      apiUrl: 'https://inner:7777/api',
      origin: 'https://kamiwaza.example.com',
      hosts: ['inner', 'kamiwaza.example.com', 'kamiwaza.example.com'],
      apiKey: 'token',
    });
  });
});

describe('outbound requests', () => {
  test('use proxy variables in upper or lower case, and lower case takes precedence', () => {
    const env = {
      HTTP_PROXY: 'http://a:1',
      http_proxy: 'proxy:3128',
      HTTPS_PROXY: 'http://u:p@b:2',
    };
    expect(parse({ ...env, no_proxy: '.example.com' }).outbound).toMatchObject({
      httpProxy: 'http://proxy:3128',
      httpsProxy: 'http://u:p@b:2',
      noProxy: '.example.com',
    });
  });

  test('reject an unsupported proxy without repeating its password', () => {
    const message = problemsOf({ POSTGRES_URL, HTTPS_PROXY: 'socks5://u:hunter2@proxy:1080' });
    expect(message).toContain('HTTPS_PROXY must be a proxy that starts with http://');
    expect(message).not.toContain('hunter2');
  });

  test('use the configured certificates, and a file without any is named', () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'throughline-ca-')), 'ca.pem');
    writeFileSync(file, `# ours\n${makeSelfSigned().cert}`);
    expect(parse({ SSL_CERT_FILE: file }).outbound.extraCertificates).toEqual([
      expect.stringContaining('BEGIN CERTIFICATE'),
    ]);
    writeFileSync(file, 'nothing');
    expect(problemsOf({ POSTGRES_URL, NODE_EXTRA_CA_CERTS: file })).toContain(
      `NODE_EXTRA_CA_CERTS names a file without a PEM certificate: ${file}`,
    );
  });
});

describe('a password within an address', () => {
  const NAMES = ['POSTGRES_URL', 'POSTGRES_DIRECT_URL', 'REDIS_URL', 'HTTP_PROXY', 'HTTPS_PROXY'];
  const SCHEMES: Record<string, string> = { REDIS_URL: 'redis', HTTP_PROXY: 'http' };
  const PASSWORDS = [
    ...['hunter@2', 'hun/ter2', '12/hunter2', 'hunter2#', '12#hunter', 'hunter?2', '12?hunter'],
    ...[
      '100%hunter',
      '%ffhunter',
      'hunter 2',
      'hun\tter',
      '@hunter',
      'h@u/n#t?e%r',
      'hunter@2:x/y',
    ],
  ];
  const cases = NAMES.flatMap((name) => PASSWORDS.map((password) => [name, password] as const));

  test.each(cases)(
    'of %s with an unencoded %j is reported with the codes to write, and nothing of it',
    (name, password) => {
      const value = `${SCHEMES[name] ?? 'postgres'}://user:${password}@127.0.0.1/db`;
      const message = problemsOf({
        POSTGRES_URL,
        [name]: name === 'HTTPS_PROXY' ? value.replace('postgres', 'http') : value,
      });
      expect(message).toContain(`${name} contains a character that must be percent-encoded`);
      expect(message).toContain('@ is %40');
      expect(message).not.toMatch(/hun|127\.0/);
    },
  );

  test.each(PASSWORDS)('with %j is valid when it is encoded', (password) => {
    const url = `postgres://user:${encodeURIComponent(password)}@127.0.0.1/db`;
    const { database } = parse({ POSTGRES_URL: url });
    expect(decodeURIComponent(new URL(database.url).password)).toBe(password);
  });

  test('is not blamed for other invalid addresses', () => {
    expect(problemsOf({ POSTGRES_URL: 'postgres://localhost:port/db' })).toContain(
      'POSTGRES_URL cannot be read: check its host and its port',
    );
    expect(problemsOf({ POSTGRES_URL, REDIS_URL: 'redis://localhost/cache' })).toContain(
      'REDIS_URL may have only a database number as its path',
    );
    expect(parse({ REDIS_URL: 'redis://localhost/2' }).redisUrl).toBe('redis://localhost/2');
  });
});

describe('secrets in files', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'throughline-config-'));
  const file = path.join(folder, 'secret');

  test('are supported for every secret, and a file takes precedence over an empty variable', () => {
    expect(SECRET_VARIABLES).toEqual(
      expect.arrayContaining(['POSTGRES_URL', 'REDIS_URL', 'OPENAI_API_KEY', 'AUTH_SECRET']),
    );
    for (const name of SECRET_VARIABLES) {
      writeFileSync(file, `${VARIABLES[name].example}\n`);
      expect(problemsOf({ POSTGRES_URL, [name]: '', [`${name}_FILE`]: file }), name).toBe(
        'no problem',
      );
    }
    writeFileSync(file, 'key\n');
    const OPENAI_BASE_URL = 'http://models:8000';
    const { endpoints } = parse({ OPENAI_BASE_URL, OPENAI_API_KEY_FILE: file }).models;
    expect(endpoints[0]?.apiKey).toBe('key');
  });

  test('are validated under the name of their variable', () => {
    writeFileSync(file, 'hunter2');
    const message = problemsOf({ POSTGRES_URL_FILE: file });
    expect(message).toContain('POSTGRES_URL must be a URL that starts with postgres://');
    expect(message).not.toContain('hunter2');
  });

  test('are rejected if the variable is set as well', () => {
    writeFileSync(file, 'key');
    const message = problemsOf({ POSTGRES_URL, OPENAI_API_KEY: 'key', OPENAI_API_KEY_FILE: file });
    expect(message).toContain('OPENAI_API_KEY_FILE and OPENAI_API_KEY are both set');
  });

  test('that are empty or missing are reported unless their path may be the secret itself', () => {
    writeFileSync(file, '\n');
    for (const name of [file, `${file}.missing`]) {
      expect(problemsOf({ POSTGRES_URL, POSTGRES_PASSWORD_FILE: name })).toContain(name);
      expect(problemsOf({ POSTGRES_URL, AUTH_SECRET_FILE: name })).toContain(name);
    }
    for (const variable of ['POSTGRES_PASSWORD_FILE', 'OPENAI_API_KEY_FILE']) {
      const message = problemsOf({ POSTGRES_URL, [variable]: 'hunter2' });
      expect(message).toContain(`${variable} names a file that is empty or cannot be read`);
      expect(message).not.toContain('hunter2');
    }
  });

  test('complete database addresses with the password', () => {
    writeFileSync(file, 'p@ss/word\n');
    const { database } = parse({
      POSTGRES_DIRECT_URL: 'postgres://throughline@postgres/throughline',
      POSTGRES_PASSWORD_FILE: file,
    });
    for (const url of [database.url, database.sessionUrl]) {
      expect(decodeURIComponent(new URL(url).password)).toBe('p@ss/word');
    }
  });
});

describe('a database pooler', () => {
  test('is assumed only if a direct address is configured', () => {
    expect(parse().database).toMatchObject({ pooled: false, sessionUrl: POSTGRES_URL });
    const direct = 'postgres://throughline@localhost:5433/throughline';
    expect(parse({ POSTGRES_DIRECT_URL: direct }).database).toMatchObject({
      pooled: true,
      url: POSTGRES_URL,
      sessionUrl: direct,
    });
  });

  test('is rejected without the pooled address', () => {
    expect(
      problemsOf({ POSTGRES_URL, POSTGRES_DIRECT_URL: POSTGRES_URL, THROUGHLINE_EMBEDDED: '1' }),
    ).toContain('POSTGRES_DIRECT_URL is set, but POSTGRES_URL is not');
  });
});

test('idle connections stay open longer than those of a proxy, or as long as configured', () => {
  expect(parse().keepAliveTimeoutMs).toBe(75_000);
  expect(parse({ KEEP_ALIVE_TIMEOUT: '5000' }).keepAliveTimeoutMs).toBe(5_000);
  expect(problemsOf({ POSTGRES_URL, KEEP_ALIVE_TIMEOUT: '75s' })).toContain(
    'KEEP_ALIVE_TIMEOUT must be a whole number from 1000 to 3600000',
  );
});

test('.env.example documents exactly the variables that exist', () => {
  const documented = documentedVariables(readFileSync('.env.example', 'utf8'));
  const files = SECRET_VARIABLES.map((name) => `${name}_FILE`);
  expect(files).toContain('OPENAI_API_KEY_FILE');
  const knownNames = [...Object.keys(VARIABLES), ...files, 'PUBLISH_ADDRESS', 'APP_MEMORY_LIMIT'];
  expect([...documented].sort()).toEqual(knownNames.sort());
});
