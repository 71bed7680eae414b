import type { DataStreamWriter } from 'ai';
import { AppError } from '@/lib/protocol/errors';
import type { StreamEvent } from '@/lib/protocol/stream-events';
import type { ResolvedModel } from '@/lib/server/models';
import type { LiveRun } from '@/lib/server/runs/live-run';

/** What the tools of one run work with. */
export type ToolContext = {
  run: LiveRun;
  dataStream: DataStreamWriter;
  model: ResolvedModel;
};

/** What a tool gives where it failed: a sentence for the model, who may try again or pass it on. */
export type ToolError = { error: string };

export function sendEvent({ dataStream }: ToolContext, event: StreamEvent): void {
  dataStream.writeData(event);
}

/**
 * Before a tool writes to the database: everything it has sent so far is in the run's log, which only
 * the run's owner can write.
 * @throws AppError interrupted, where another process has taken the run over
 */
export async function requireRunOwnership({ run }: ToolContext): Promise<void> {
  if (!(await run.flush())) throw new AppError('interrupted');
}
