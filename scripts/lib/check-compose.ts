import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { PROJECT } from './paths';

/** Checks docker-compose.yml for mistakes that no container engine rejects. */

const healthcheckSchema = z.object({ test: z.array(z.string()).min(2) }).passthrough();

const serviceSchema = z
  .object({
    image: z.string().optional(),
    build: z.unknown().optional(),
    restart: z.enum(['no', 'unless-stopped', 'always', 'on-failure']).optional(),
    healthcheck: healthcheckSchema.optional(),
    read_only: z.boolean().optional(),
    tmpfs: z.array(z.string()).optional(),
    cap_drop: z.array(z.string()).default([]),
    cap_add: z.array(z.string()).default([]),
    mem_limit: z.string().optional(),
    pids_limit: z.number().optional(),
    logging: z.object({ options: z.record(z.string(), z.string()) }).optional(),
    secrets: z.array(z.string()).default([]),
    security_opt: z.array(z.string()).default([]),
    environment: z.record(z.string(), z.string()).default({}),
    volumes: z.array(z.string()).default([]),
    depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
    ports: z.array(z.string()).default([]),
    privileged: z.boolean().optional(),
  })
  .passthrough();

const composeFileSchema = z.object({
  services: z.record(z.string(), serviceSchema),
  volumes: z.record(z.string(), z.unknown()).default({}),
  secrets: z.record(z.string(), z.object({ file: z.string() })).default({}),
});

type Service = z.infer<typeof serviceSchema>;

/** Returns the problems of the project's own file as texts; empty if it is correct. */
export async function checkCompose(): Promise<string[]> {
  const [compose, example] = await Promise.all(
    ['docker-compose.yml', '.env.example'].map((name) =>
      readFile(path.join(PROJECT, name), 'utf8'),
    ),
  );
  return composeProblems(compose ?? '', documentedVariables(example ?? ''));
}

/** The variables that `.env.example` sets or shows commented out. */
export function documentedVariables(example: string): string[] {
  return [...example.matchAll(/^(?:# ?)?([A-Z][A-Z0-9_]*)=/gm)].map((match) => match[1] ?? '');
}

/**
 * @param text content of a compose file
 * @param documented variables that a user may set
 */
export function composeProblems(text: string, documented: readonly string[]): string[] {
  const parsed = composeFileSchema.safeParse(parse(text, { merge: true }));
  if (!parsed.success) {
    return parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  }
  const { services, volumes, secrets } = parsed.data;
  const problems: string[] = [];
  for (const name of ['app', 'postgres', 'redis']) {
    if (!services[name]) problems.push(`the service ${name} is missing`);
  }
  for (const [name, service] of Object.entries(services)) {
    const dependencies = Object.keys(service.depends_on).filter((other) => !services[other]);
    problems.push(
      ...[
        ...lifecycleProblems(name, service),
        ...hardeningProblems(name, service),
        ...limitProblems(service),
        ...secretProblems(service, secrets),
        ...volumeProblems(service, Object.keys(volumes)),
        ...dependencies.map((other) => `depends on ${other}, which is not a service`),
      ].map((problem) => `${name}: ${problem}`),
    );
  }
  for (const [, variable] of text.matchAll(/(?<!\$)\$\{?([A-Za-z_]\w*)/g)) {
    if (variable && !documented.includes(variable)) {
      problems.push(`\${${variable}} is not documented in .env.example`);
    }
  }
  return problems;
}

function lifecycleProblems(name: string, service: Service): string[] {
  const problems: string[] = [];
  if (!service.restart) problems.push('has no restart policy');
  if (service.restart !== 'no' && !service.healthcheck) problems.push('has no healthcheck');
  if (!service.image) problems.push('has no image name');
  // A later pull must not bring another version; the app's own image is built here.
  else if (!service.build && !/:\d+\.\d+(\.\d+)?(-[\w.]+)?(@sha256:\w+)?$/.test(service.image)) {
    problems.push(`its image ${service.image} needs the tag of one version, as in redis:8.10.0`);
  }
  if (name === 'app' && !service.build) problems.push('is not built from this folder');
  if (service.healthcheck?.test.join(' ').includes('curl'))
    problems.push('its healthcheck needs curl');
  return problems;
}

/** For a container that starts as root, prepares its files and switches to another user. */
const ALLOWED_CAPABILITIES = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETGID', 'SETUID'];

function hardeningProblems(name: string, service: Service): string[] {
  const problems: string[] = [];
  if (!service.security_opt.includes('no-new-privileges:true')) {
    problems.push('lacks no-new-privileges');
  }
  if (service.privileged) problems.push('is privileged');
  if (!service.cap_drop.includes('ALL')) problems.push('does not drop all capabilities');
  const disallowed = service.cap_add.filter((name) => !ALLOWED_CAPABILITIES.includes(name));
  if (disallowed.length > 0) problems.push(`adds ${disallowed.join(', ')}`);
  if (name === 'app') {
    if (!service.read_only) problems.push('its root file system is not read-only');
    if (!service.tmpfs?.includes('/tmp')) problems.push('has no tmpfs on /tmp');
    if (service.cap_add.length > 0) problems.push('must not add capabilities');
  } else if (service.ports.length > 0) {
    problems.push('publishes a port, which only the app may do');
  }
  return problems;
}

/** No service may use up the resources of the machine. */
function limitProblems(service: Service): string[] {
  const problems: string[] = [];
  if (!/^(\$\{\w+:-)?\d+[kmg]\}?$/.test(service.mem_limit ?? ''))
    problems.push('has no memory limit');
  if (!service.pids_limit || service.pids_limit < 1) problems.push('has no process limit');
  if (service.restart !== 'no' && !service.logging?.options['max-size']) {
    problems.push('has no log size limit');
  }
  return problems;
}

/** A secret in the file would be the same in every installation. */
function secretProblems(
  { environment, secrets }: Service,
  declared: Readonly<Record<string, { file: string }>>,
): string[] {
  const problems = Object.entries(environment).flatMap(([name, value]) => {
    if (SECRET_NAME.test(name) && value !== `\${${name}:-}`) {
      return [`${name} must come from the environment, without a default`];
    }
    return /:\/\/[^/\s:@]*:[^/\s@]+@/.test(value) ? [`${name} holds a password`] : [];
  });
  for (const name of Object.keys(environment).filter((name) => SECRET_NAME.test(name))) {
    const secret = name.toLowerCase().replaceAll('_', '-');
    const isComplete =
      environment[`${name}_FILE`] === `\${${name}_FILE:+/run/secrets/${secret}}` &&
      secrets.includes(secret) &&
      declared[secret]?.file === `\${${name}_FILE:-/dev/null}`;
    if (!isComplete) problems.push(`${name} cannot be set by a file (${name}_FILE)`);
  }
  return problems;
}

const SECRET_NAME = /(PASSWORD|SECRET|TOKEN|API_KEY)$/;

function volumeProblems({ volumes }: Service, declared: readonly string[]): string[] {
  return volumes.flatMap((volume) => {
    const source = volume.split(':')[0] ?? '';
    if (/^[./~]/.test(source)) return [`${volume} is a folder of the machine, not a named volume`];
    return declared.includes(source) ? [] : [`the volume ${source} is not declared`];
  });
}
