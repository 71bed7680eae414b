/** Limits the tool calls that are executed in one answer. */
import { MAX_TOOL_CALLS } from '@/lib/server/models';

const LIMIT_ERROR = `This answer has made ${MAX_TOOL_CALLS} tool calls, which is the limit. Further calls are not executed: answer with the results so far.`;

/**
 * Counts the calls of one answer. Returns the error result of a call above the limit, else
 * undefined.
 */
export type CallLimit = () => { error: string } | undefined;

export function createCallLimit(): CallLimit {
  let calls = 0;
  return () => {
    calls += 1;
    return calls > MAX_TOOL_CALLS ? { error: LIMIT_ERROR } : undefined;
  };
}
