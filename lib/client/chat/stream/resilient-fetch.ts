/**
 * The fetch under useChat: one answer, however many connections it takes.
 *
 * useChat takes the end of a body for the end of the answer. Here the body ends only with the run's
 * `d:` line: where a connection breaks, falls silent or ends before, the answer is followed on a
 * new one from the line where it stopped.
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
 * A fetch for useChat's POST (send) and GET (resume) of one chat.
 * @throws RequestError (from the returned fetch) where the server refuses or cannot be reached.
 */
export function createResilientFetch(
  options: ResilientFetchOptions,
  dependencies: Partial<ResilientFetchDependencies> = {},
): typeof fetch {
  const context = { ...DEFAULT_DEPENDENCIES, ...dependencies, options };
  return async (input, init) => {
    const signal = init?.signal ?? new AbortController().signal;
    const connection = await connect(context, () => input, { ...init, signal });
    options.onAccepted?.(connection.response.headers.get(MESSAGE_ID_HEADER));
    const follower = new RunFollower(context, String(input), signal);
    return new Response(follower.toStream(connection), { headers: connection.response.headers });
  };
}
