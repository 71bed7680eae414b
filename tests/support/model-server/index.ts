/**
 * The scripted model server of the tests, over real HTTP: in the test's own process with
 * `startModelServer`, or as a separate process (model-server/main.ts) controlled over /control.
 *
 * A marker in the user message, `[[scenario:…]]`, selects its behavior: see
 * model-server/scenarios.ts for answers and model-server/documents.ts for documents.
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
import { streamDocument, streamSuggestions, type WriterContext } from './documents';
import { createRequestLog, type LoggedRequest } from './request-log';
import { findMarker, numberOption, parseScenarioLine } from './scenario-line';
import { SCENARIOS } from './scenarios';

export const MODEL_ID = 'scripted';
/** A second model of the same server, for tests that switch models. */
export const OTHER_MODEL_ID = 'vendor/scripted-two';

export type ModelServer = Pick<OpenAiServer, 'baseUrl' | 'port' | 'stop'> & {
  /** Sets the scenario of messages without a marker; null restores the default, an echo. */
  setScenario(line: string | null): void;
  /** Sets the title behavior of messages without `[[title:…]]`. Options: delay, status, text, hold. */
  setTitle(line: string | null): void;
  /** Logged requests of all purposes, oldest first. */
  requests: LoggedRequest[];
  /** Number of responses in progress. */
  activeAnswers(): number;
  /** Releases answers held by a `hold` option; later answers are held again. */
  release(): void;
  /** Clears the request log and the settings. */
  reset(): void;
};

/** The response of GET and POST /control. */
export type ControlState = { requests: LoggedRequest[]; open: number };
/** The body of POST /control; only the given fields change. */
export type ControlBody = { scenario?: string | null; title?: string | null; reset?: boolean };

export type ModelServerOptions = {
  port?: number;
  /** The server product it imitates: `owned_by` in its list of models. */
  ownedBy?: string;
  /**
   * Behavior for a conversation that ends with an answer: continue it, repeat it first and then
   * continue, or reject the request.
   */
  prefill?: 'continues' | 'repeats' | 'rejects';
};

export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const log = createRequestLog();
  const requestCounts = new Map<string, number>();
  const waiting = new Set<() => void>();
  let scenario: string | null = null;
  let title: string | null = null;
  /** The scenario of the newest answer. */
  let latestAnswerScenario = parseScenarioLine('echo');

  async function play(reply: Reply, request: ChatCompletionRequest): Promise<void> {
    const purpose = purposeOf(request);
    const { text, partialAnswer, isPrefill } = parseConversation(request);
    const marker = purpose === 'title' ? (findMarker(text, 'title') ?? title) : null;
    const scenarioText = findMarker(text, 'scenario') ?? scenario ?? 'echo';
    // A document request contains only the end of a long conversation, maybe without the marker.
    const isDocumentRequest = purpose === 'document' || purpose === 'suggestions';
    const line =
      isDocumentRequest && !text.includes('[[scenario:')
        ? latestAnswerScenario
        : parseScenarioLine(scenarioText);
    if (purpose === 'answer') latestAnswerScenario = line;
    const { headers } = reply.response.req;
    log.add({ body: request, purpose, scenario: marker ?? line.source, headers }, reply.response);
    const writerContext = { reply, line, prompt: text, waitForRelease };
    if (purpose === 'title') return playTitle(writerContext, marker);
    if (purpose === 'document') return streamDocument(writerContext);
    if (purpose === 'suggestions') return streamSuggestions(writerContext);
    if (isPrefill && options.prefill === 'rejects') {
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

  /** Resolves at the next release, or when the client disconnects. */
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

/** The user message of a request, and the partial answer to be continued ('' if none). */
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
  const answerIndex = messages.findLastIndex(({ role }) => role === 'assistant');
  const earlierRequest = { ...request, messages: messages.slice(0, answerIndex) };
  return {
    text: lastUserText(earlierRequest),
    partialAnswer: contentText(messages[answerIndex]),
    isPrefill,
  };
}

/** Derives the purpose of a request from its system prompt. */
function purposeOf(request: ChatCompletionRequest): LoggedRequest['purpose'] {
  const systemMessages = request.messages.filter(({ role }) => role === 'system');
  // A model without a system role gets its instructions at the beginning of the first message.
  const instructions = (systemMessages.length > 0 ? systemMessages : request.messages.slice(0, 1))
    .map(contentText)
    .join('\n');
  if (/^write a title\b/i.test(instructions)) return 'title';
  if (/^you propose changes\b/i.test(instructions)) return 'suggestions';
  return /^you write a (document|program|table)\b/i.test(instructions) ? 'document' : 'answer';
}

async function playTitle(
  { reply, prompt, waitForRelease }: WriterContext,
  marker: string | null,
): Promise<void> {
  const line = parseScenarioLine(`title ${marker ?? ''}`);
  const delayMs = numberOption(line, 'delay', 0);
  if (delayMs > 0) await waitOrAbort(delayMs, reply.signal);
  if (line.options.has('hold')) await waitForRelease(reply.signal);
  const status = numberOption(line, 'status', 200);
  if (status !== 200) {
    sendJson(reply.response, status, { error: { message: 'No title today.' } });
    return;
  }
  const titleText = prompt.replace(/\[\[[\s\S]*?\]\]/g, ' ');
  reply.text(line.options.get('text') ?? demoTitle(titleText));
  reply.finish();
}
