import { expect, test } from 'vitest';
import { VERSION } from '@/lib/shared/version';
import packageJson from '@/package.json';

test('the page displays the version of the package', () => {
  expect(VERSION).toBe(packageJson.version);
});
