/**
 * Runs the benchmarks and prints their table. With words as arguments: those whose names have one of
 * them. A run of all of them is kept in docs/performance.md.
 */
import { loadavg } from 'node:os';
import { say } from '@/scripts/lib/steps';
import { keepReport } from './report';
import type { Benchmark, Row } from './row';
import { firstToken } from './rows/first-token';
import { kill } from './rows/kill';
import { loads } from './rows/load';
import { longAnswer } from './rows/long-answer';
import { pageKeys } from './rows/page-keys';
import { pageStream } from './rows/page-stream';
import { resume } from './rows/resume';
import { stop } from './rows/stop';
import { throughput } from './rows/throughput';
import { openStage } from './stage';
import { tableOf } from './table';

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
];

/** @param words empty: all */
export async function runBenchmarks(words: string[]): Promise<void> {
  const chosen = BENCHMARKS.filter(({ names }) =>
    names.some((name) => words.length === 0 || words.some((word) => name.includes(word))),
  );
  if (chosen.length === 0) {
    const names = BENCHMARKS.flatMap((benchmark) => benchmark.names);
    throw new Error(`No benchmark has that in its name. There are: ${names.join(', ')}.`);
  }
  const startedAt = Date.now();
  const [loadBefore = 0] = loadavg();
  const rows: Row[] = [];
  const stage = await openStage();
  try {
    for (const benchmark of chosen) {
      say(`  ${benchmark.names.join(', ')} …`);
      rows.push(...(await benchmark.run(stage)));
      await stage.clear();
    }
  } finally {
    await stage.close();
  }
  say(`\n${tableOf(rows)}\n`);
  if (words.length === 0) await keepReport(rows, (Date.now() - startedAt) / 1000, loadBefore);
}
