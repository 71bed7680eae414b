/**
 * The scripted model server that the tests talk to, over real HTTP: in the test's own process by
 * `startModelServer`, or as a process of its own (model-server/main.ts) steered over /control.
 *
 * What it does is said in the person's message, `[[scenario:…]]`: see model-server/scenarios.ts for
 * answers and model-server/documents.ts for documents beside the chat.
 */
import type http from 'node:http';
import {
  type ChatCompletionRequest,
  contentText,
  lastUserText,
} from '@/lib/server/models/demo/chat-completion-request';
import { demoTitle } from '@/lib/server/models/demo/demo-title';
import {
  type OpenAiServer,
  sendError,
  sendJson,
  startOpenAiServer,
} from '@/lib/server/models/demo/openai-server';
import { waitOrAbort } from '@/lib/server/models/demo/play-at-rate';
import type { Reply } from '@/lib/server/models/demo/reply';
import { streamDocument, streamSuggestions } from './documents';
import { createRequestLog, type LoggedRequest } from './request-log';
import { findMarker, numberOption, parseScenarioLine } from './scenario-line';
import { SCENARIOS } from './scenarios';

export const MODEL_ID = 'scripted';
/** A second model of the same server, for tests that change models. */
export const OTHER_MODEL_ID = 'vendor/scripted-two';

export type ModelServer = Pick<OpenAiServer, 'baseUrl' | 'port' | 'stop'> & {
  /** What messages get that name no scenario; null: an echo. */
  setScenario(line: string | null): void;
  /** What title requests get whose message has no `[[title:…]]`. Options: delay, status, text. */
  setTitle(line: string | null): void;
  /** Requests for answers, oldest first. */
  requests: LoggedRequest[];
  /** Answers being given right now. */
  activeAnswers(): number;
  /** Lets answers go on that a `hold` option holds; those that come later are held again. */
  release(): void;
  /** Forgets requests and what was set. */
  reset(): void;
};

/** GET /control answers with this; POST /control takes any of the other fields. */
export type ControlState = { requests: LoggedRequest[]; open: number };
export type ControlBody = { scenario?: string | null; title?: string | null; reset?: boolean };

export type ModelServerOptions = {
  port?: number;
  /** The server that it pretends to be: `owned_by` in its list of models. */
  ownedBy?: string;
  /**
   * What it does with a conversation that ends with an answer: goes on with it, says it once more
   * before, or refuses.
   */
  prefill?: 'goes-on' | 'repeats' | 'refuses';
};

export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const log = createRequestLog();
  const requestCounts = new Map<string, number>();
  const waiting = new Set<() => void>();
  let scenario: string | null = null;
  let title: string | null = null;
  /** What the newest answer plays. */
  let latestAnswerScenario = parseScenarioLine('echo');

  async function play(reply: Reply, request: ChatCompletionRequest): Promise<void> {
    const purpose = purposeOf(request);
    const { text, partialAnswer, isPrefill } = parseConversation(request);
    const marker = purpose === 'title' ? (findMarker(text, 'title') ?? title) : null;
    const scenarioText = findMarker(text, 'scenario') ?? scenario ?? 'echo';
    // Whoever writes a document is told only the end of a long conversation.
    const isDocumentRequest = purpose === 'document' || purpose === 'suggestions';
    const line =
      isDocumentRequest && !text.includes('[[scenario:')
        ? latestAnswerScenario
        : parseScenarioLine(scenarioText);
    if (purpose === 'answer') latestAnswerScenario = line;
    const { headers } = reply.response.req;
    log.add({ body: request, purpose, scenario: marker ?? line.source, headers }, reply.response);
    if (purpose === 'title') return playTitle(reply, text, marker);
    const writerContext = { reply, line, prompt: text, released: waitForRelease };
    if (purpose === 'document') return streamDocument(writerContext);
    if (purpose === 'suggestions') return streamSuggestions(writerContext);
    if (isPrefill && options.prefill === 'refuses') {
      return sendError(reply.response, 400, 'The last message must be from the user.');
    }
    if (isPrefill && options.prefill === 'repeats')
      for (const char of partialAnswer) reply.text(char);
    const run = SCENARIOS[line.name];
    if (!run) throw new Error(`There is no scenario "${line.name}".`);
    const key = `${line.source}\n${text}`;
    const priorRequests = requestCounts.get(key) ?? 0;
    requestCounts.set(key, priorRequests + 1);
    await run({ reply, request, line, partialAnswer, priorRequests, waitForRelease });
  }

  /** Ends with the next release, or when the client leaves. */
  function waitForRelease(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      waiting.add(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  function release(): void {
    for (const resume of waiting) resume();
    waiting.clear();
  }

  function reset(): void {
    log.clear();
    requestCounts.clear();
    scenario = null;
    title = null;
  }

  function control(request: http.IncomingMessage, response: http.ServerResponse, body: string) {
    if (request.url !== '/control') return false;
    if (request.method === 'POST') {
      const controlBody = JSON.parse(body) as ControlBody;
      if (controlBody.reset) reset();
      if (controlBody.scenario !== undefined) scenario = controlBody.scenario;
      if (controlBody.title !== undefined) title = controlBody.title;
    }
    const state: ControlState = { requests: log.requests, open: log.open() };
    sendJson(response, 200, state);
    return true;
  }

  const server = await startOpenAiServer({
    modelIds: [MODEL_ID, OTHER_MODEL_ID, 'text-embedding-scripted'],
    script: play,
    intercept: control,
    ownedBy: options.ownedBy,
    port: options.port,
  });
  return {
    ...server,
    requests: log.requests,
    activeAnswers: log.open,
    release,
    reset,
    setScenario(line) {
      scenario = line;
    },
    setTitle(line) {
      title = line;
    },
  };
}

/** What is asked, and what there is of the answer already. */
function parseConversation(request: ChatCompletionRequest): {
  text: string;
  partialAnswer: string;
  isPrefill: boolean;
} {
  const { messages } = request;
  const isPrefill = messages.at(-1)?.role === 'assistant';
  const text = lastUserText(request);
  if (!isPrefill && !text.startsWith('Your last message was cut off.')) {
    return { text, partialAnswer: '', isPrefill };
  }
  const answerAt = messages.findLastIndex(({ role }) => role === 'assistant');
  const question = { ...request, messages: messages.slice(0, answerAt) };
  return {
    text: lastUserText(question),
    partialAnswer: contentText(messages[answerAt]),
    isPrefill,
  };
}

/** What the app asks for, told from its instructions. */
function purposeOf(request: ChatCompletionRequest): LoggedRequest['purpose'] {
  const instructions = request.messages
    .filter(({ role }) => role === 'system')
    .map(contentText)
    .join('\n');
  if (/^write a title\b/i.test(instructions)) return 'title';
  if (/^you propose changes\b/i.test(instructions)) return 'suggestions';
  return /^you write a (document|program|table)\b/i.test(instructions) ? 'document' : 'answer';
}

async function playTitle(reply: Reply, text: string, marker: string | null): Promise<void> {
  const line = parseScenarioLine(`title ${marker ?? ''}`);
  const delayMs = numberOption(line, 'delay', 0);
  if (delayMs > 0) await waitOrAbort(delayMs, reply.signal);
  const status = numberOption(line, 'status', 200);
  if (status !== 200) {
    sendJson(reply.response, status, { error: { message: 'No title today.' } });
    return;
  }
  const titleText = text.replace(/\[\[[\s\S]*?\]\]/g, ' ');
  reply.text(line.options.get('text') ?? demoTitle(titleText));
  reply.finish();
}
