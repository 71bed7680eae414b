import type { BenchEnvironment } from './environment';

/** One line of the table. */
export type Row = {
  label: string;
  control: string;
  measured: string;
  budget: string;
  /** Null where there is nothing to compare. */
  within: boolean | null;
};

export type Benchmark = {
  /** Names of its rows: `npm run bench -- word` runs what has the word in one of them. */
  names: string[];
  run(stage: BenchEnvironment): Promise<Row[]>;
};

/** Whether the budgets that are meant for Node 24 count as they stand. */
export const isNode24 = Number(process.versions.node.split('.')[0]) >= 24;
