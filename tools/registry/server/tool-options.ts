import type { ToolSet } from 'ai';
import type { ModelCapabilities } from '@/lib/protocol/api';
import { withKeyedLock } from '@/lib/server/runtime/keyed-lock';
import { type CallLimit, createCallLimit } from '@/lib/server/tools/call-limit';
import type { ToolContext } from '@/lib/server/tools/context';
import type { ToolDefinition } from '@/lib/server/tools/definition';
import { repairToolCall } from '@/lib/server/tools/repair-tool-call';
import { withErrorResults } from '@/lib/server/tools/with-error-results';
import { definition as createDocument } from '@/tools/create-document/server/tool';
import { definition as getWeather } from '@/tools/get-weather/server/tool';
import { definition as readDocument } from '@/tools/read-document/server/tool';
import { definition as requestSuggestions } from '@/tools/request-suggestions/server/tool';
import { definition as updateDocument } from '@/tools/update-document/server/tool';

/** The tools by name, in the order in which models get them. */
const DEFINITIONS: Record<string, ToolDefinition> = {
  getWeather,
  createDocument,
  readDocument,
  updateDocument,
  requestSuggestions,
};

/** The part of the system prompt about the tools, for a model that supports tools. */
export const TOOL_INSTRUCTIONS = [
  ...Object.values(DEFINITIONS).flatMap(({ instructions }) => instructions ?? []),
  'A result with an `error` says what to correct: try once more, or tell the user.',
].join('\n');

/**
 * Returns the `streamText` options for tools: the tools, those offered to the model, and the repair
 * of invalid calls.
 */
export function toolOptions(context: ToolContext, { tools: supportsTools }: ModelCapabilities) {
  const limit = createCallLimit();
  const tools = createTools(context, limit);
  const active = supportsTools ? Object.keys(tools) : [];
  return {
    tools,
    experimental_activeTools: active,
    experimental_repairToolCall: repairToolCall(active, limit),
  };
}

function createTools(context: ToolContext, limit: CallLimit): ToolSet {
  const lockKey = `documents of ${context.run.row.id}`;
  const tools = Object.fromEntries(
    Object.entries(DEFINITIONS).map(([name, { create, worksOnDocuments }]) => {
      const tool = create(context);
      return [name, worksOnDocuments ? withSerialExecution(lockKey, tool) : tool];
    }),
  );
  // A model may call a tool before the run's rows are written, or before another process turns out
  // to have accepted the same message: only a persisted run may change anything.
  return withErrorResults(tools, context.run.rowWritten, limit);
}

/** Runs the tools with this key one at a time: a model may call several in parallel. */
function withSerialExecution(key: string, tool: ToolSet[string]): ToolSet[string] {
  const { execute } = tool;
  if (!execute) return tool;
  return {
    ...tool,
    execute: (args, options) =>
      withKeyedLock(key, async () => {
        options.abortSignal?.throwIfAborted();
        return await execute(args, options);
      }),
  };
}
