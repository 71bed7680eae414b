import type { DataStreamWriter } from 'ai';
import type { ChatSettings } from '@/lib/protocol/chat-settings';
import { AppError } from '@/lib/protocol/errors';
import type { StreamEvent } from '@/lib/protocol/stream-events';
import type { PersonalSettings } from '@/lib/protocol/user-settings';
import type { ResolvedModel } from '@/lib/server/models';
import type { LiveRun } from '@/lib/server/runs/live-run';

/** Dependencies of a run's tools. */
export type ToolContext = {
  run: LiveRun;
  dataStream: DataStreamWriter;
  model: ResolvedModel;
  /** The chat's settings when the run started. */
  settings: ChatSettings;
  /** The user's settings when the run started. */
  personal: PersonalSettings;
};

/** Result of a failed tool call: a message for the model, which may retry or report it. */
export type ToolError = { error: string };

export function sendEvent({ dataStream }: ToolContext, event: StreamEvent): void {
  dataStream.writeData(event);
}

/**
 * Call before a tool writes to the database. Flushes everything sent so far to the run's log, which
 * only the run's owner can write.
 * @throws AppError interrupted, if another process has taken over the run
 */
export async function requireRunOwnership({ run }: ToolContext): Promise<void> {
  if (!(await run.flush())) throw new AppError('interrupted');
}
