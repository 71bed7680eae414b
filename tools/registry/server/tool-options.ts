import type { ToolSet } from 'ai';
import type { ModelCapabilities } from '@/lib/protocol/api';
import { withKeyedLock } from '@/lib/server/runtime/keyed-lock';
import { type CallLimit, createCallLimit } from '@/lib/server/tools/call-limit';
import type { ToolContext } from '@/lib/server/tools/context';
import { repairToolCall } from '@/lib/server/tools/repair-tool-call';
import { withErrorResults } from '@/lib/server/tools/with-error-results';
import { createDocument } from '@/tools/create-document/server/tool';
import { getWeather } from '@/tools/get-weather/server/tool';
import { readDocument } from '@/tools/read-document/server/tool';
import { requestSuggestions } from '@/tools/request-suggestions/server/tool';
import { updateDocument } from '@/tools/update-document/server/tool';

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
  const tools = {
    getWeather,
    ...withSerialExecution(`documents of ${context.run.row.id}`, {
      createDocument: createDocument(context),
      readDocument: readDocument(context),
      updateDocument: updateDocument(context),
      requestSuggestions: requestSuggestions(context),
    }),
  };
  // A model may call a tool before the run's rows are written, or before another process turns out
  // to have accepted the same message: only a persisted run may change anything.
  return withErrorResults(tools, context.run.rowWritten, limit);
}

/**
 * Runs these tools one at a time: a model may call several in parallel, but a page can follow only
 * one document.
 */
function withSerialExecution(key: string, tools: ToolSet): ToolSet {
  return Object.fromEntries(
    Object.entries(tools).map(([name, tool]) => {
      const { execute } = tool;
      const serialized: typeof execute =
        execute &&
        ((args, options) =>
          withKeyedLock(key, async () => {
            options.abortSignal?.throwIfAborted();
            return await execute(args, options);
          }));
      return [name, { ...tool, execute: serialized }];
    }),
  );
}
