import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readPlaywright, readVitest } from '@/scripts/test/results';

const file = path.join(mkdtempSync(path.join(tmpdir(), 'throughline-results-')), 'report.json');
const report = (content: unknown) => writeFileSync(file, JSON.stringify(content));

test('passed and failed tests are counted', async () => {
  report({ numPassedTests: 7, numFailedTests: 2 });
  expect(await readVitest(file, 1)).toEqual({ passed: 7, failed: 2 });
  report({ stats: { expected: 3, unexpected: 1, flaky: 0, skipped: 0 } });
  expect(await readPlaywright(file, 1)).toEqual({ passed: 3, failed: 1 });
});

test('a runner that fails without a failed test counts as one failure', async () => {
  report({ numPassedTests: 7, numFailedTests: 0 });
  expect(await readVitest(file, 1)).toEqual({ passed: 7, failed: 1 });
});

test('no report at all is a failure', async () => {
  expect(await readPlaywright(`${file}.missing`, 1)).toEqual({ passed: 0, failed: 1 });
});
