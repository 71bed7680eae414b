import { AppError } from '@/lib/errors';
import { logger } from '@/lib/logger';
import { parseLine } from '@/lib/protocol/lines';
import type { Usage } from '@/lib/protocol/messages';
import { runHub } from '@/lib/runs/hub';
import type { LiveRun, Outcome, RunRow } from '@/lib/runs/live-run';
import { runRelay } from '@/lib/runs/relay';

/** Where a run's lines come from. */
export type RunSource = {
  /** Data stream lines, one a chunk, each with its newline. */
  stream: ReadableStream<string>;
  /** What the stream's `3:` line stands for. */
  failure: () => AppError | undefined;
  /** An end without any content is none: there was content before. */
  mayBeEmpty: boolean;
};

/**
 * Starts a run whose row has been inserted for this process. It belongs to the server from here on:
 * whoever reads it may leave.
 *
 * @param firstLines of its log, written together with the row
 * @param makeSource called at once; what it throws ends the run as failed
 */
export function startRun(
  row: RunRow,
  firstLines: string,
  makeSource: (run: LiveRun) => RunSource,
): LiveRun {
  const run = runHub().open(row, firstLines);
  runRelay()?.offer(run);
  void pump(run, makeSource);
  return run;
}

async function pump(run: LiveRun, makeSource: (run: LiveRun) => RunSource): Promise<void> {
  try {
    const outcome = await readSource(run, makeSource(run));
    if (outcome.error && !run.finished) logFailure(run, outcome.error);
    await run.finish(outcome);
  } catch (error) {
    logFailure(run, error);
    await run.finish({ status: 'failed', error: AppError.from(error) });
  }
}

/** Moves the source's lines into the run's log, and tells how the source ended. */
async function readSource(run: LiveRun, source: RunSource): Promise<Outcome> {
  const reader = source.stream.getReader();
  run.signal.addEventListener('abort', () => void reader.cancel().catch(() => {}));
  let isFirstStep = true;
  let hasContent = source.mayBeEmpty;
  let end: { finishReason?: string; usage?: Usage } | undefined;
  for (;;) {
    const { done, value: line } = await reader.read();
    if (done) break;
    switch (line[0]) {
      case '3':
        return { status: 'failed', error: source.failure() ?? new AppError('internal') };
      case 'd':
        // The run writes its own, once the message is saved.
        end = parseLine(line)?.value as typeof end;
        continue;
      case 'f':
        // The run began its log with the first one.
        if (!isFirstStep) run.append(line);
        isFirstStep = false;
        continue;
      case '0':
      case '9':
        hasContent = true;
    }
    run.append(line);
  }
  if (!end) return { status: 'failed', error: source.failure() ?? new AppError('endpoint_cut') };
  if (!hasContent) return { status: 'failed', error: new AppError('endpoint_empty') };
  return { status: 'complete', ...end };
}

function logFailure(run: LiveRun, error: unknown): void {
  const { code, cause } = AppError.from(error);
  logger.warn({ runId: run.row.id, code, err: cause ?? error }, 'An answer failed');
}
