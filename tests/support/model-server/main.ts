/**
 * The model server as a process: `node --import tsx tests/support/model-server/main.ts [port]`.
 * Writes its base URL and port as one line of JSON, and runs until SIGTERM or SIGINT.
 */
import { startModelServer } from './';

const { baseUrl, port, stop } = await startModelServer({ port: Number(process.argv[2] ?? 0) });
process.stdout.write(`${JSON.stringify({ baseUrl, port })}\n`);
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void stop().then(() => process.exit(0)));
}
