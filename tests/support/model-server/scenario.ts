import type { ChatCompletionRequest } from '@/lib/server/models/demo/chat-completion-request';
import type { Reply } from '@/lib/server/models/demo/reply';
import type { ScenarioLine } from './scenario-line';

export type ScenarioContext = {
  reply: Reply;
  request: ChatCompletionRequest;
  line: ScenarioLine;
  /** The partial answer to continue; '' for a new answer. */
  partialAnswer: string;
  /** How often the same scenario was requested before with the same message. */
  priorRequests: number;
  /** Waits until the test releases held answers, or the client disconnects. */
  waitForRelease: (signal: AbortSignal) => Promise<void>;
};

export type Scenario = (play: ScenarioContext) => Promise<void> | void;
