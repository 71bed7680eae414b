/** The books of one request of useChat, from its start until it is over. */
import type { UIMessage } from 'ai';
import type { Ending } from '@/lib/client/chat/connect';

export type Outcome = 'accepted' | 'refused';

export type Turn = {
  kind: 'send' | 'resume';
  /** What was shown before: it comes back where the server refuses. */
  before: UIMessage[];
  accepted: boolean;
  stopWanted: boolean;
  /** The answer is one of several versions: which of them is open at its end, the server knows. */
  isVersion: boolean;
  /** True once useChat is ready again, while the last of it settles. */
  ended: boolean;
  /** The message that the run makes, once the server has said so. */
  messageId?: string;
  /** The message of the newest run that was begun in the chat meanwhile: this turn's own, or not. */
  startedId?: string;
  ending?: Ending;
  error?: Error;
  /** Whether the server took the request; settled once. */
  outcome: Promise<Outcome>;
  accept: (messageId: string | null) => void;
  settle: (outcome: Outcome) => void;
};

export function beginTurn(kind: Turn['kind'], before: UIMessage[]): Turn {
  let settle: Turn['settle'] = () => {};
  const outcome = new Promise<Outcome>((resolve) => {
    settle = resolve;
  });
  const turn: Turn = {
    kind,
    before,
    accepted: false,
    stopWanted: false,
    isVersion: false,
    ended: false,
    outcome,
    settle,
    accept(messageId) {
      turn.accepted = true;
      turn.messageId = messageId ?? undefined;
      settle('accepted');
    },
  };
  return turn;
}
