/** The books of one request of useChat, from its start until it is over. */
import type { UIMessage } from 'ai';
import type { StreamEnd } from '@/lib/client/chat/stream/connect';

export type SendOutcome = 'accepted' | 'refused';

export type ChatRequest = {
  kind: 'send' | 'resume';
  /** What was shown before: it comes back where the server refuses. */
  messagesBefore: UIMessage[];
  accepted: boolean;
  isStopRequested: boolean;
  /** The answer is one of several versions: which of them is open at its end, the server knows. */
  hasSiblings: boolean;
  /** True once useChat is ready again, while the last of it settles. */
  isSettling: boolean;
  /** The message that the run makes, once the server has said so. */
  messageId?: string;
  /** The message of the newest run that was begun in the chat meanwhile: this turn's own, or not. */
  newestRunMessageId?: string;
  streamEnd?: StreamEnd;
  error?: Error;
  /** Whether the server took the request; settled once. */
  outcome: Promise<SendOutcome>;
  accept: (messageId: string | null) => void;
  settle: (outcome: SendOutcome) => void;
};

export function createChatRequest(
  kind: ChatRequest['kind'],
  messagesBefore: UIMessage[],
): ChatRequest {
  let settle: ChatRequest['settle'] = () => {};
  const outcome = new Promise<SendOutcome>((resolve) => {
    settle = resolve;
  });
  const request: ChatRequest = {
    kind,
    messagesBefore,
    accepted: false,
    isStopRequested: false,
    hasSiblings: false,
    isSettling: false,
    outcome,
    settle,
    accept(messageId) {
      request.accepted = true;
      request.messageId = messageId ?? undefined;
      settle('accepted');
    },
  };
  return request;
}
