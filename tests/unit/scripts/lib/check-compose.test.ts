import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { composeProblems, documentedVariables } from '@/scripts/lib/check-compose';

const compose = readFileSync('docker-compose.yml', 'utf8');
const documented = documentedVariables(readFileSync('.env.example', 'utf8'));
const problemsAfter = (from: string | RegExp, to: string) => {
  const changed = compose.replace(from, to);
  expect(changed).not.toBe(compose);
  return composeProblems(changed, documented).join('\n');
};

test('the compose file is valid', () => {
  expect(composeProblems(compose, documented)).toEqual([]);
});

test.each([
  ['a hard-coded password', 'throughline@postgres', 'throughline:secret@postgres', 'a password'],
  ['a secret with a default', '${AUTH_SECRET:-}', '${AUTH_SECRET:-changeme}', 'without a default'],
  [
    'an image without a version',
    /image: redis:\S+/,
    'image: redis',
    'needs the tag of one version',
  ],
  [
    'an image of many versions',
    /image: redis:\S+/,
    'image: redis:8',
    'needs the tag of one version',
  ],
  ['a moving tag', /image: redis:\S+/, 'image: redis:latest', 'needs the tag of one version'],
  [
    'a service with all capabilities',
    'cap_drop:\n    - ALL',
    'cap_drop:\n    - CHOWN',
    'not drop all cap',
  ],
  ['an unneeded capability', '- SETUID', '- SYS_ADMIN', 'adds SYS_ADMIN'],
  ['a service without a memory limit', 'mem_limit: 1g', 'mem_reservation: 1g', 'no memory limit'],
  ['a service without a process limit', 'pids_limit: 64', 'pids_limit: 0', 'no process limit'],
  ['logs without a size limit', 'max-size: 10m', 'compress: "true"', 'no log size limit'],
  [
    'a key that cannot be a file',
    '      - openai-api-key\n',
    '',
    'OPENAI_API_KEY cannot be set by a file',
  ],
  ['a key file that nothing reads', ':+/run/secrets/auth-secret', ':+/auth', 'AUTH_SECRET cannot'],
  ['an undocumented variable', '${LOG_LEVEL:-}', '${LOUDNESS:-}', 'LOUDNESS'],
  ['a writable app', 'read_only: true', 'read_only: false', 'not read-only'],
  ['an undeclared volume', '- postgres:/var/lib', '- data:/var/lib', 'not declared'],
  ['a published database port', 'shm_size: 128mb', 'ports: ["5432:5432"]', 'publishes a port'],
  [
    'a service that does not restart',
    'restart: unless-stopped',
    'x-restart: none',
    'no restart policy',
  ],
])('%s is detected', (_name, from, to, problem) => {
  expect(problemsAfter(from, to)).toContain(problem);
});
