import type { ServerResponse } from 'node:http';
import type { ChatCompletionRequest } from '@/lib/server/models/demo/chat-completion-request';

/** One request to the model. Times are `Date.now()`. */
export type LoggedRequest = {
  body: ChatCompletionRequest;
  /** The purpose, derived from the system prompt. */
  purpose: 'title' | 'document' | 'suggestions' | 'answer';
  scenario: string;
  headers: Record<string, string | string[] | undefined>;
  startedAt: number;
  /** When the response ended or its connection closed; null while it is open. */
  endedAt: number | null;
  /** Which side ended it: the client by disconnecting, or the server by finishing or closing. */
  endedBy: 'client' | 'server' | null;
};

export type RequestLog = {
  requests: LoggedRequest[];
  add(
    entry: Pick<LoggedRequest, 'body' | 'purpose' | 'scenario' | 'headers'>,
    response: ServerResponse,
  ): void;
  /** Number of responses in progress. */
  open(): number;
  clear(): void;
};

/** Set on a response whose connection the script closes. */
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
