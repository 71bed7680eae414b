import { readFile } from 'node:fs/promises';

export type Counts = { passed: number; failed: number };

export function add(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed };
}

/**
 * The counts of a runner's report. A runner that failed without a failed test (a file that does not
 * load, a set-up that throws, no report at all) counts as one failure.
 */
function reconcile(counts: Counts, exitCode: number): Counts {
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

export async function readVitest(file: string, exitCode: number): Promise<Counts> {
  const report = await readReport(file);
  const passed = Number(report?.numPassedTests ?? 0);
  return reconcile({ passed, failed: Number(report?.numFailedTests ?? 0) }, exitCode);
}

export async function readPlaywright(file: string, exitCode: number): Promise<Counts> {
  const stats = (await readReport(file))?.stats as Record<string, number> | undefined;
  const passed = (stats?.expected ?? 0) + (stats?.flaky ?? 0);
  return reconcile({ passed, failed: stats?.unexpected ?? 0 }, exitCode);
}

async function readReport(file: string): Promise<Record<string, unknown> | null> {
  return readFile(file, 'utf8').then(JSON.parse, () => null);
}
