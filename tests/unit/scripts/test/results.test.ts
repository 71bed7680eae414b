import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readPlaywright, readVitest } from '@/scripts/test/results';

const file = path.join(mkdtempSync(path.join(tmpdir(), 'throughline-results-')), 'report.json');
const writeReport = (content: unknown) => writeFileSync(file, JSON.stringify(content));

test('passed and failed tests are counted, and the failed ones are named', async () => {
  const assertionResults = [
    { fullName: 'adds', status: 'passed', failureMessages: [] },
    { fullName: 'divides', status: 'failed', failureMessages: ['by zero'] },
  ];
  writeReport({
    numPassedTests: 7,
    numFailedTests: 2,
    testResults: [{ name: 'sums.test.ts', assertionResults }],
  });
  expect(await readVitest(file, 1)).toEqual({
    passed: 7,
    failed: 2,
    failures: ['sums.test.ts: divides\nby zero'],
  });
  const specs = [
    { title: 'opens', file: 'a.spec.ts', ok: true, tests: [{ results: [{}] }] },
    {
      title: 'closes',
      file: 'a.spec.ts',
      ok: false,
      tests: [{ results: [{ error: { message: 'stuck' } }] }],
    },
  ];
  writeReport({
    stats: { expected: 3, unexpected: 1, flaky: 0, skipped: 0 },
    suites: [{ specs: [], suites: [{ specs }] }],
  });
  expect(await readPlaywright(file, 1)).toEqual({
    passed: 3,
    failed: 1,
    failures: ['a.spec.ts: closes\nstuck'],
  });
});

test('a runner that fails without a failed test counts as one failure', async () => {
  writeReport({ numPassedTests: 7, numFailedTests: 0 });
  expect(await readVitest(file, 1)).toEqual({ passed: 7, failed: 1, failures: [] });
});

test('a runner that fails without a report counts as one failure', async () => {
  const oneFailure = { passed: 0, failed: 1, failures: [] };
  expect(await readPlaywright(`${file}.missing`, 1)).toEqual(oneFailure);
});
