import type { DataStreamWriter, ToolSet } from 'ai';
import type { ResolvedModel } from '@/lib/models';
import type { LiveRun } from '@/lib/runs/live-run';
import { createDocument } from '@/lib/tools/create-document';
import { getWeather } from '@/lib/tools/get-weather';
import { tellModel } from '@/lib/tools/tell-model';

/** What the tools of one run work with. */
export type ToolContext = {
  run: LiveRun;
  dataStream: DataStreamWriter;
  model: ResolvedModel;
};

/** The tools that a model may call while it answers. */
export function makeTools(context: ToolContext): ToolSet {
  const tools = { getWeather, createDocument: createDocument(context) };
  // A model may call one before the chat is written, and before another process turns out to have
  // taken the same message: only an answer that is to stay may change anything.
  return tellModel(tools, context.run.adopted);
}
