/** State of one useChat request, from its start until it is finished. */
import type { UIMessage } from 'ai';
import type { SendTarget } from '@/lib/client/chat/build-send-body';
import type { StreamEnd } from '@/lib/client/chat/stream/connect';

export type SendOutcome = 'accepted' | 'rejected';

export type ChatRequest = {
  kind: 'send' | 'resume';
  /** What a send edits, regenerates or continues; absent for a resume. */
  target?: SendTarget;
  /** The model that was chosen for this answer, or generates it; undefined: the chat's. */
  modelRef?: string;
  /** The messages before the request, restored if the server rejects it. */
  messagesBefore: UIMessage[];
  /** The messages with the new one, which is displayed before the request is sent. */
  displayedMessages: UIMessage[];
  /** False while a send waits for the session or a model. */
  isSent: boolean;
  accepted: boolean;
  isStopRequested: boolean;
  /** The answer has siblings: only the server knows which of them is selected at its end. */
  hasSiblings: boolean;
  /** True once useChat is ready again, until its last throttled update has been applied. */
  isSettling: boolean;
  /** The message that the run generates, once the server has accepted the request. */
  messageId?: string;
  /** The message of the newest run started since then, by this request or elsewhere. */
  newestRunMessageId?: string;
  /** Set if the page stops following the answer; called when the request has ended. */
  onLeft?: () => void;
  streamEnd?: StreamEnd;
  error?: Error;
  /** Whether the server accepted the request. Resolves once. */
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
    displayedMessages: messagesBefore,
    isSent: kind === 'resume',
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
