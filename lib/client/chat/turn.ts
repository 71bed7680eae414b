/** The books of one request of useChat, from its start until it is over. */
import type { UIMessage } from 'ai';
import type { Ending } from '@/lib/client/chat/resilient-fetch';

export type Outcome = 'accepted' | 'refused';

export type Turn = {
  kind: 'send' | 'resume';
  /** What was shown before: it comes back where the server refuses. */
  before: UIMessage[];
  accepted: boolean;
  stopWanted: boolean;
  /** True once useChat is ready again, while the last of it settles. */
  ended: boolean;
  ending?: Ending;
  error?: Error;
  /** Whether the server took the request; settled once. */
  outcome: Promise<Outcome>;
  accept: () => void;
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
    ended: false,
    outcome,
    settle,
    accept() {
      turn.accepted = true;
      settle('accepted');
    },
  };
  return turn;
}
