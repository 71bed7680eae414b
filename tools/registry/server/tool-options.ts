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
 * The tools that a model may call while it answers, those of them that it is told of, and what becomes
 * of a call that does not fit: options of `streamText`.
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
  // A model may call one before the chat is written, and before another process turns out to have
  // taken the same message: only an answer that is to stay may change anything.
  return withErrorResults(tools, context.run.rowWritten, limit);
}

/**
 * The tools, of which one at a time is at work: a model may call several at once, and a page can
 * follow one document.
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
