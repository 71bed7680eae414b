/**
 * A fetch for useChat that reads one answer over as many connections as needed.
 *
 * useChat treats the end of the body as the end of the answer. This body ends only with the run's
 * `d:` line: if a connection breaks, stalls or ends before, a new one continues after the last
 * received line.
 */
import {
  connect,
  DEFAULT_DEPENDENCIES,
  type ResilientFetchDependencies,
  type ResilientFetchOptions,
} from '@/lib/client/chat/stream/connect';
import { RunFollower } from '@/lib/client/chat/stream/run-follower';
import { MESSAGE_ID_HEADER } from '@/lib/protocol/api';

/**
 * Creates the fetch for useChat's POST (send) and GET (resume) of one chat.
 * @throws RequestError from the returned fetch if the server returns an error or is unreachable
 */
export function createResilientFetch(
  options: ResilientFetchOptions,
  dependencies: Partial<ResilientFetchDependencies> = {},
): typeof fetch {
  const context = { ...DEFAULT_DEPENDENCIES, ...dependencies, options };
  return async (input, init) => {
    const signal = init?.signal ?? new AbortController().signal;
    const resumedId = init?.method === 'POST' ? undefined : options.resumedMessageId?.();
    const url = resumedId ? `${input}&messageId=${resumedId}` : input;
    const connection = await connect(context, () => url, { ...init, signal });
    options.onAccepted?.(connection.response.headers.get(MESSAGE_ID_HEADER));
    const follower = new RunFollower(context, String(input), signal);
    return new Response(follower.toStream(connection), { headers: connection.response.headers });
  };
}
