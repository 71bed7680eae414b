import { readFile } from 'node:fs/promises';

export type TestCounts = { passed: number; failed: number; failures: string[] };

export function addCounts(a: TestCounts, b: TestCounts): TestCounts {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    failures: [...a.failures, ...b.failures],
  };
}

/**
 * Counts a runner that failed without a failed test (a file that does not load, a setup that
 * throws, no report at all) as one failure.
 */
function reconcile(counts: TestCounts, exitCode: number): TestCounts {
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

export async function readVitest(file: string, exitCode: number): Promise<TestCounts> {
  const report = await readReport<VitestReport>(file);
  const failures = (report?.testResults ?? []).flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map((test) => `${name}: ${test.fullName}\n${test.failureMessages.join('\n')}`),
  );
  const passed = report?.numPassedTests ?? 0;
  return reconcile({ passed, failed: report?.numFailedTests ?? 0, failures }, exitCode);
}

export async function readPlaywright(file: string, exitCode: number): Promise<TestCounts> {
  const report = await readReport<PlaywrightReport>(file);
  const passed = (report?.stats.expected ?? 0) + (report?.stats.flaky ?? 0);
  const failures = (report?.suites ?? []).flatMap(collectFailures);
  return reconcile({ passed, failed: report?.stats.unexpected ?? 0, failures }, exitCode);
}

function collectFailures(suite: PlaywrightSuite): string[] {
  const ownFailures = (suite.specs ?? [])
    .filter(({ ok }) => !ok)
    .map(({ file, title, tests }) => {
      const messages = tests.flatMap(({ results }) => results).map(({ error }) => error?.message);
      return `${file}: ${title}\n${messages.filter(Boolean).join('\n')}`;
    });
  return [...ownFailures, ...(suite.suites ?? []).flatMap(collectFailures)];
}

async function readReport<Report>(file: string): Promise<Report | null> {
  return readFile(file, 'utf8').then(JSON.parse, () => null);
}

type VitestReport = {
  numPassedTests: number;
  numFailedTests: number;
  testResults: {
    name: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
  }[];
};

type PlaywrightReport = {
  stats: { expected: number; flaky: number; unexpected: number };
  suites: PlaywrightSuite[];
};

type PlaywrightSuite = {
  suites?: PlaywrightSuite[];
  specs?: {
    title: string;
    file: string;
    ok: boolean;
    tests: { results: { error?: { message?: string } }[] }[];
  }[];
};
