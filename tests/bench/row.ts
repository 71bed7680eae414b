import type { BenchEnvironment } from './environment';

/** One line of the table. */
export type Row = {
  label: string;
  control: string;
  measured: string;
  budget: string;
  /** Whether the budget is met; null if there is none. */
  within: boolean | null;
};

export type Benchmark = {
  /** Names of its rows: `npm run bench -- word` runs the benchmarks with the word in a name. */
  names: string[];
  run(environment: BenchEnvironment): Promise<Row[]>;
};

/** Whether the budgets for Node 24 apply unchanged. */
export const isNode24 = Number(process.versions.node.split('.')[0]) >= 24;
