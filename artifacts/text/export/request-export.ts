import type { ExportRequest, ExportResponse } from '@/artifacts/text/export/export.worker';
import { createWorkerClient } from '@/lib/client/browser/worker-client';

/** Time is linear in the length: a second attempt would take as long as the first. */
const TIMEOUTS_MS = [180_000];

const sendRequest = createWorkerClient<ExportRequest, ExportResponse>(
  () => new Worker(new URL('./export.worker.ts', import.meta.url), { type: 'module' }),
  TIMEOUTS_MS,
);

/**
 * Converts Markdown to the content of a file, in a worker.
 * @throws if the conversion fails or takes too long, or the worker cannot be loaded
 */
export async function requestExport(
  format: ExportRequest['format'],
  text: string,
  title: string,
): Promise<string | Blob> {
  const { file } = await sendRequest({ format, text, title });
  if (file === null) throw new Error('The text could not be converted.');
  return file;
}
