import type { ServerResponse } from 'node:http';
import type { ChatCompletionRequest } from '@/lib/server/models/demo/chat-completion-request';

/** One request for an answer, as tests see it. Times are `Date.now()`. */
export type LoggedRequest = {
  body: ChatCompletionRequest;
  /** What it was for. */
  purpose: 'title' | 'document' | 'suggestions' | 'answer';
  scenario: string;
  headers: Record<string, string | string[] | undefined>;
  startedAt: number;
  /** When its connection or its answer was over; null while it is not. */
  endedAt: number | null;
  /** Who ended it: the client by leaving, or the server by finishing (or breaking off). */
  endedBy: 'client' | 'server' | null;
};

export type RequestLog = {
  requests: LoggedRequest[];
  add(
    entry: Pick<LoggedRequest, 'body' | 'purpose' | 'scenario' | 'headers'>,
    response: ServerResponse,
  ): void;
  /** Answers that are being given right now. */
  open(): number;
  clear(): void;
};

/** Set on a response that the script itself breaks off. */
export const CLOSED_BY_SCRIPT = Symbol('broken off');

export function createRequestLog(): RequestLog {
  const requests: LoggedRequest[] = [];
  return {
    requests,
    add(entry, response) {
      const logged: LoggedRequest = {
        ...entry,
        startedAt: Date.now(),
        endedAt: null,
        endedBy: null,
      };
      requests.push(logged);
      response.once('close', () => {
        logged.endedAt = Date.now();
        const byServer = response.writableFinished || CLOSED_BY_SCRIPT in response;
        logged.endedBy = byServer ? 'server' : 'client';
      });
    },
    open: () => requests.filter(({ endedAt }) => endedAt === null).length,
    clear() {
      requests.length = 0;
    },
  };
}
