import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

export const MODEL_ID = 'bench';

/** Messages of the model server to its parent process. */
export type ModelReport =
  | { kind: 'ready'; port: number }
  /** The connection of an answer with a key has closed, at the time `at`. */
  | { kind: 'closed'; key: string; at: number; isComplete: boolean }
  /** Send lag of tokens since the last report, p99 in milliseconds. */
  | { kind: 'lateness'; p99: number };

export type Model = {
  /** Ends in `/v1`. */
  baseUrl: string;
  port: number;
  /** How late the model sent its tokens since the last call, p99 in milliseconds. */
  sendLag(): Promise<number>;
  /** When the connection of the answer with this key closed. @throws if it is open after 20 s */
  closedAt(key: string): Promise<number>;
  stop(): Promise<void>;
};

/** Starts the model server in a separate process. */
export async function startModel(): Promise<Model> {
  const child = fork(new URL('./model-server.ts', import.meta.url), {
    execArgv: ['--import', 'tsx'],
  });
  // Many callers may wait for the end of their answer.
  child.setMaxListeners(0);
  const closed = new Map<string, number>();
  child.on('message', (report: ModelReport) => {
    if (report.kind === 'closed') closed.set(report.key, report.at);
  });
  const { port } = await waitForReport(child, 'ready');
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    port,
    async sendLag() {
      child.send('lateness');
      return (await waitForReport(child, 'lateness')).p99;
    },
    async closedAt(key) {
      const signal = AbortSignal.timeout(20_000);
      for (;;) {
        const at = closed.get(key);
        if (at !== undefined) return at;
        await once(child, 'message', { signal });
      }
    },
    async stop() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

type ReportOf<K extends ModelReport['kind']> = Extract<ModelReport, { kind: K }>;

async function waitForReport<K extends ModelReport['kind']>(
  child: ChildProcess,
  kind: K,
): Promise<ReportOf<K>> {
  for (;;) {
    const [report] = (await once(child, 'message')) as [ModelReport];
    if (report.kind === kind) return report as ReportOf<K>;
  }
}
