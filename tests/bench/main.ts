/**
 * Runs the benchmarks and prints their table. Arguments select the benchmarks whose names contain
 * one of them. The result of a complete run is saved in docs/performance.md.
 */
import { loadavg } from 'node:os';
import { print } from '@/scripts/lib/steps';
import { startBenchEnvironment } from './environment';
import { saveReport } from './report';
import type { Benchmark, Row } from './row';
import { firstToken } from './rows/first-token';
import { kill } from './rows/kill';
import { loads } from './rows/load';
import { longAnswer } from './rows/long-answer';
import { pageBranches } from './rows/page-branches';
import { pageKeys } from './rows/page-keys';
import { pageStream } from './rows/page-stream';
import { resume } from './rows/resume';
import { stop } from './rows/stop';
import { throughput } from './rows/throughput';
import { formatTable } from './table';

const BENCHMARKS: Benchmark[] = [
  firstToken,
  ...loads,
  throughput,
  longAnswer,
  resume,
  kill,
  stop,
  pageStream,
  pageKeys,
  pageBranches,
];

/** @param filters parts of names; empty: all benchmarks */
export async function runBenchmarks(filters: string[]): Promise<void> {
  const chosen = BENCHMARKS.filter(({ names }) =>
    names.some((name) => filters.length === 0 || filters.some((word) => name.includes(word))),
  );
  if (chosen.length === 0) {
    const names = BENCHMARKS.flatMap((benchmark) => benchmark.names);
    throw new Error(`No benchmark has that in its name. There are: ${names.join(', ')}.`);
  }
  const startedAt = Date.now();
  const [loadBefore = 0] = loadavg();
  const rows: Row[] = [];
  const environment = await startBenchEnvironment();
  try {
    for (const benchmark of chosen) {
      print(`  ${benchmark.names.join(', ')} …`);
      rows.push(...(await benchmark.run(environment)));
      await environment.clear();
    }
  } finally {
    await environment.close();
  }
  print(`\n${formatTable(rows)}\n`);
  if (filters.length === 0) await saveReport(rows, (Date.now() - startedAt) / 1000, loadBefore);
}
