import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (file: string) => readFileSync(file, 'utf8');
const PACKAGE = JSON.parse(read('package.json'));

test('the lock file and the newest section of the changelog have the version of package.json', () => {
  expect(JSON.parse(read('package-lock.json')).packages[''].version).toBe(PACKAGE.version);
  const sections = [...read('CHANGELOG.md').matchAll(/^## (.+)$/gm)].map(([, title]) => title);
  expect(sections[0]).toBe('[Unreleased]');
  expect(sections[1]).toMatch(/^\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d$/);
  expect(sections[1]).toContain(`[${PACKAGE.version}]`);
});

test('the license of package.json is the one in LICENSE', () => {
  expect(PACKAGE.license).toBe('Apache-2.0');
  expect(read('LICENSE')).toMatch(/^\s*Apache License\n\s*Version 2\.0, January 2004\n/);
});

test('.nvmrc has the Node.js version of the image, and the workflow the oldest supported one', () => {
  const major = read('.nvmrc').trim();
  expect(read('Dockerfile').match(/^FROM node:\d+/gm)).toEqual([
    `FROM node:${major}`,
    `FROM node:${major}`,
  ]);
  const oldest = /^>=(\d+)\./.exec(PACKAGE.engines.node)?.[1];
  expect(Number(major)).toBeGreaterThanOrEqual(Number(oldest));
  expect(read('.github/workflows/ci.yml')).toContain(`node: ["${oldest}", lts]`);
});
