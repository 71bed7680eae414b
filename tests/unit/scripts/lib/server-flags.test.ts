import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SERVER_FLAGS } from '@/scripts/lib/server-flags';

test('the image runs the server with the same flags as npm start', () => {
  const command = JSON.stringify(['node', ...SERVER_FLAGS, 'server.js']).replaceAll(',', ', ');
  expect(readFileSync('Dockerfile', 'utf8')).toContain(`\nCMD ${command}\n`);
});
