import { AppError } from '@/lib/protocol/errors';
import { parseLine } from '@/lib/protocol/lines';
import { logger } from '@/lib/server/log/logger';
import type { LiveRun, RunOutcome, RunRow } from '@/lib/server/runs/live-run';
import { runRelay } from '@/lib/server/runs/relay';
import { runHub } from '@/lib/server/runs/run-hub';

/** The source of a run's lines. */
export type RunSource = {
  /** Data stream lines, one per chunk, each with its newline. */
  stream: ReadableStream<string>;
  /** The error behind the stream's `3:` line. */
  failure: () => AppError | undefined;
  /** Accepts an end without content, because the run continues an answer that has some. */
  allowEmpty: boolean;
};

export type StartRunOptions = {
  row: RunRow;
  /** The first lines of the log, written together with the row. */
  firstLines: string;
  /** Called immediately; an error that it throws ends the run as failed. */
  createSource: (run: LiveRun) => RunSource;
  /** Writes the row; resolves with false if the row must not be written. */
  writeRow: () => Promise<boolean>;
};

/**
 * Starts a run. Sends the request to the model while the run's row is being written, so that
 * neither waits for the other. Once the row is written, the run is independent of its readers.
 *
 * @returns null if the row was not written: the run is discarded
 * @throws what `writeRow` throws
 */
export async function startRun({
  row,
  firstLines,
  createSource,
  writeRow,
}: StartRunOptions): Promise<LiveRun | null> {
  const rowWrite = writeRow();
  const run = runHub().create(row, firstLines);
  void pump(run, createSource);
  let isWritten = false;
  try {
    isWritten = await rowWrite;
  } finally {
    if (!isWritten) run.discard();
  }
  if (!isWritten) return null;
  runHub().register(run);
  runRelay()?.publish(run);
  return run;
}

async function pump(run: LiveRun, createSource: (run: LiveRun) => RunSource): Promise<void> {
  try {
    const outcome = await pipeSource(run, createSource(run));
    if (outcome.error && !run.isFinished) logFailure(run, outcome.error);
    await run.finish(outcome);
  } catch (error) {
    logFailure(run, error);
    await run.finish({ status: 'failed', error: AppError.from(error) });
  }
}

/** Appends the source's lines to the run's log. Returns how the source ended. */
async function pipeSource(run: LiveRun, source: RunSource): Promise<RunOutcome> {
  const reader = source.stream.getReader();
  run.signal.addEventListener('abort', () => void reader.cancel().catch(() => {}));
  let isFirstStep = true;
  let hasContent = source.allowEmpty;
  let end: { finishReason?: string } | undefined;
  for (;;) {
    const { done, value: line } = await reader.read();
    if (done) break;
    switch (line[0]) {
      case '3':
        return { status: 'failed', error: source.failure() ?? new AppError('internal') };
      case 'd':
        // The run writes its own `d:` line once the message is saved.
        end = parseLine(line)?.value as typeof end;
        continue;
      case 'f':
        // The first step start is already in the first lines of the log.
        if (!isFirstStep) run.append(line);
        isFirstStep = false;
        continue;
      case '0':
      case '9':
        hasContent = true;
    }
    run.append(line);
  }
  if (!end)
    return { status: 'failed', error: source.failure() ?? new AppError('endpoint_disconnected') };
  if (!hasContent) return { status: 'failed', error: new AppError('endpoint_empty_answer') };
  return { status: 'complete', finishReason: end.finishReason };
}

function logFailure(run: LiveRun, error: unknown): void {
  const { code, cause } = AppError.from(error);
  logger.warn({ runId: run.row.id, code, err: cause ?? error }, 'An answer failed');
}
