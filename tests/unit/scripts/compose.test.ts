import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { composeProblems, documentedVariables } from '@/scripts/check-compose';

const compose = readFileSync('docker-compose.yml', 'utf8');
const documented = documentedVariables(readFileSync('.env.example', 'utf8'));
const problemsAfter = (from: string | RegExp, to: string) => {
  const changed = compose.replace(from, to);
  expect(changed).not.toBe(compose);
  return composeProblems(changed, documented).join('\n');
};

test('the compose file has no problem', () => {
  expect(composeProblems(compose, documented)).toEqual([]);
});

test.each([
  ['a password written out', 'throughline@postgres', 'throughline:secret@postgres', 'a password'],
  ['a secret with a default', '${AUTH_SECRET:-}', '${AUTH_SECRET:-changeme}', 'without a default'],
  ['an image of any version', 'image: redis:8', 'image: redis', 'needs a tag'],
  ['an undocumented variable', '${LOG_LEVEL:-}', '${LOUDNESS:-}', 'LOUDNESS'],
  ['a writable app', 'read_only: true', 'read_only: false', 'not read-only'],
  ['a volume nobody declared', '- postgres:/var/lib', '- data:/var/lib', 'not declared'],
  ['an open database', 'shm_size: 128mb', 'ports: ["5432:5432"]', 'opens a port'],
  ['a service that stays down', 'restart: unless-stopped', 'x-restart: none', 'no restart policy'],
])('%s is found', (_name, from, to, problem) => {
  expect(problemsAfter(from, to)).toContain(problem);
});
